import { z } from "zod";
import { amount, count, histogramSchema, instant } from "./common";
import { dataSourceSchema } from "./data-sources";

export const topTopicSchema = z.object({
  topic: z.string(),
  subscribers: count,
  /** Deliveries a second over the newest ten seconds. */
  deliveries_per_second: amount,
});

/** GET /stats. */
export const statsSchema = z.object({
  server: z.object({
    id: z.string(),
    /** New at each start of the process. */
    instance_id: z.string(),
    version: z.string(),
    pid: count,
    started_at_ms: instant,
    uptime_seconds: amount,
    now_ms: instant,
    state: z.enum(["running", "draining"]),
    /** Of the topics' sequence numbers; new when they start again. */
    epoch: z.string(),
    /** Processes that hold connections; 1 when it is the service's own. */
    workers: count,
    /** Workers that don't serve at the moment; the figures in here are the last that they told. */
    unavailable_workers: z.array(
      z.object({
        worker: z.string(),
        /** `hanging`: runs and does not answer; `starting`: ended and is started again. */
        state: z.enum(["hanging", "starting"]),
        for_seconds: amount,
      }),
    ),
    worker_restarts_total: count,
    /** The certificate that clients are served; null without TLS. */
    tls: z
      .object({
        not_before_ms: instant,
        not_after_ms: instant,
        /** The earliest end of the intermediate certificates, null when there are none. */
        chain_not_after_ms: instant.nullable(),
        /** Why what lies in its files by now is not served; null when it is. */
        refused: z.string().nullable(),
      })
      .nullable(),
    node_version: z.string(),
  }),
  connections: z.object({
    active_connections: count,
    max_connections: count,
    /** Open connections without a data frame for more than `idle_threshold_seconds`. */
    idle_connections: count,
    idle_threshold_seconds: amount,
    /** What a clean-up without a body would close. */
    zombie_connections: count,
    by_state: z.object({ active: count, half_open: count, slow: count, closing: count }),
    opened_total: count,
    closed_total: count,
    refused_total: count,
    heartbeat_timeouts_total: count,
    closed_by_code: z.record(z.string(), count),
    closed_by_side: z.object({ client: count, server: count, lost: count }),
    refused_by_reason: z.record(z.string(), count),
  }),
  /** Accepted and not yet taken by the kernel. */
  message_queue: z.object({
    messages: count,
    bytes: count,
    oldest_ms: amount,
    dropped_total: count,
    conflated_total: count,
  }),
  subscriptions: z.object({
    active_subscriptions: count,
    topics: count,
    subscribed_topics: count,
    subscribed_total: count,
    unsubscribed_total: count,
    top_topics: z.array(topTopicSchema).max(50),
    /** Deliveries a second of every topic not in `top_topics`. */
    other_deliveries_per_second: amount,
    /** Subscriptions that named a point and got everything after it. */
    recovered_total: count,
    /** `gap` messages sent: what was missed was no longer kept. */
    gaps_total: count,
  }),
  messages: z.object({
    /** Frames received from clients. */
    in_total: count,
    /** Data frames the kernel has taken. */
    out_total: count,
    in_bytes_total: count,
    out_bytes_total: count,
    /** Messages accepted from data sources and publishers. */
    published_total: count,
    rejected_total: count,
  }),
  latency: z.object({
    /** From a message being accepted to the kernel having taken its bytes for one client. */
    push: histogramSchema,
    /** Round trip of heartbeat pings. */
    rtt: histogramSchema,
  }),
  memory: z.object({
    rss_bytes: count,
    heap_used_bytes: count,
    heap_total_bytes: count,
    heap_limit_bytes: count,
    external_bytes: count,
    array_buffers_bytes: count,
    /** The limit that applies to the process, null when there is none to tell. */
    limit_bytes: count.nullable(),
    limit_source: z.enum(["cgroup", "host"]).nullable(),
  }),
  cpu: z.object({
    user_seconds_total: amount,
    system_seconds_total: amount,
    /** Cores this process may use. */
    available_cores: amount,
    /** Over the newest second. */
    event_loop_delay_p99_ms: amount,
    event_loop_utilization: amount,
    gc_seconds_total: amount,
    gc_total: count,
  }),
  system: z.object({
    hostname: z.string(),
    platform: z.string(),
    cores: count,
    load_1m: amount,
    load_5m: amount,
    load_15m: amount,
    memory_total_bytes: count,
    memory_free_bytes: count,
    uptime_seconds: amount,
  }),
  datasources: z.array(dataSourceSchema),
  cache: z.object({
    backend: z.enum(["memory", "redis"]),
    entries: count,
    bytes: count,
    hits_total: count,
    misses_total: count,
  }),
  config: z.object({
    file: z.string().nullable(),
    loaded_at_ms: instant,
    last_reload_at_ms: instant.nullable(),
    last_reload_ok: z.boolean().nullable(),
    conflicts: count,
    /** Temporary values in force. */
    overrides: count,
  }),
  logs: z.object({
    file: z.string().nullable(),
    level: z.string(),
    file_bytes: count.nullable(),
    lines_total: count,
    failed_writes_total: count,
    last_failed_write_at_ms: instant.nullable(),
  }),
});
export type Stats = z.infer<typeof statsSchema>;
