import { z } from "zod";
import { amount, count, instant } from "./common";

const heapSpaceSchema = z.object({
  name: z.string(),
  size_bytes: count,
  used_bytes: count,
  available_bytes: count,
});

/** GET /admin/gc-stats. */
export const gcStatsSchema = z.object({
  isolates: count,
  collections: z.array(
    z.object({
      kind: z.enum(["scavenge", "mark_sweep_compact", "incremental", "weak_callbacks", "other"]),
      count,
      pause_ms_total: amount,
      pause_ms_max: amount,
    }),
  ),
  heap_spaces: z.array(heapSpaceSchema),
  heap_used_bytes: count,
  heap_limit_bytes: count,
  /** Heap in use right after the newest full collection; null before the first one. */
  heap_after_full_gc_bytes: count.nullable(),
  last_forced_at_ms: instant.nullable(),
});
export type GcStats = z.infer<typeof gcStatsSchema>;

const memoryReading = z.object({ rss_bytes: count, heap_used_bytes: count, external_bytes: count });

/** POST /admin/gc: a full collection in every isolate. */
export const gcResultSchema = z.object({
  /** Heap and external memory given back in all isolates together; negative when they grew meanwhile. */
  freed_bytes: z.number().int(),
  pause_ms: amount,
  before: memoryReading,
  after: memoryReading,
  isolates: z.array(
    z.object({
      name: z.string(),
      before_bytes: count,
      after_bytes: count,
      freed_bytes: z.number().int(),
      pause_ms: amount,
    }),
  ),
});
export type GcResult = z.infer<typeof gcResultSchema>;

/** GET /admin/threads. */
export const threadsSchema = z.object({
  /** The kernel's threads; null with `reason` where the platform can't tell. */
  threads: z
    .array(
      z.object({
        pid: count,
        tid: count,
        name: z.string(),
        state: z.string(),
        cpu_seconds_total: amount,
      }),
    )
    .nullable(),
  reason: z.string().nullable(),
  event_loops: z.array(
    z.object({
      /** `main`, or `worker-1` and so on where `workers` is above 1. */
      worker: z.string(),
      pid: count,
      connections: count,
      delay_p50_ms: amount,
      delay_p99_ms: amount,
      delay_max_ms: amount,
      utilization: amount,
    }),
  ),
});
export type Threads = z.infer<typeof threadsSchema>;
