import { z } from "zod";
import { amount, count, fact, instant } from "./common";

/** GET /admin/host: what the platform can't tell is null with a reason. */
export const hostSchema = z.object({
  at_ms: instant,
  disks: fact(
    z.array(
      z.object({
        mount: z.string(),
        device: z.string(),
        type: z.string(),
        size_bytes: count,
        used_bytes: count,
        /** For a process without privileges. */
        available_bytes: count,
        inodes: count.nullable(),
        inodes_free: count.nullable(),
        /** What of this service lies there. */
        holds: z.array(z.enum(["logs", "data", "config", "temporary"])),
      }),
    ),
  ),
  descriptors: fact(
    z.object({
      used: count,
      soft_limit: count.nullable(),
      hard_limit: count.nullable(),
      /** Null where the kinds can't be told apart. */
      by_kind: z.object({ socket: count, file: count, pipe: count, other: count }).nullable(),
      /** Each process of the service has limits of its own. */
      processes: z.array(
        z.object({ worker: z.string(), pid: count, used: count, soft_limit: count.nullable() }),
      ),
    }),
  ),
  memory: fact(
    z.object({
      total_bytes: count,
      available_bytes: count,
      cgroup_limit_bytes: count.nullable(),
      cgroup_used_bytes: count.nullable(),
      /** Processes that the kernel killed in this control group for want of memory. */
      oom_kills_total: count.nullable(),
      heap_limit_bytes: count,
    }),
  ),
  load: fact(z.object({ load_1m: amount, load_5m: amount, load_15m: amount, cores: amount })),
  clock: fact(
    z.object({
      now_ms: instant,
      synchronized: z.boolean().nullable(),
      /** What the kernel thinks it is off by; positive when this clock is ahead. */
      offset_ms: z.number().nullable(),
      max_error_ms: amount.nullable(),
      source: z.string(),
    }),
  ),
  listening: fact(
    z.array(
      z.object({
        address: z.string(),
        port: count,
        /** Which of the service's listeners it is; null for another program's. */
        role: z.enum(["websocket", "admin"]).nullable(),
        /** Connections that wait to be accepted. */
        queued: count.nullable(),
        backlog: count.nullable(),
      }),
    ),
  ),
  /** Kernel counters of all TCP sockets of the machine. */
  tcp: fact(
    z.object({
      segments_out_total: count,
      retransmitted_total: count,
      listen_overflows_total: count.nullable(),
    }),
  ),
  certificates: fact(
    z.array(
      z.object({
        file: z.string(),
        subject: z.string(),
        issuer: z.string(),
        names: z.array(z.string()),
        not_before_ms: instant,
        not_after_ms: instant,
        days_left: z.number(),
        /** Whether this is what clients are served, rather than only what lies on disk. */
        in_use: z.boolean(),
      }),
    ),
  ),
});
export type Host = z.infer<typeof hostSchema>;
