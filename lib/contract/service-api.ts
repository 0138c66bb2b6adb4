import { z } from "zod";
import { connectionSorts, connectionStates } from "./connection-fields";

/**
 * What a member of the fleet serves over HTTP: the data service builds its answers from these schemas and
 * the console parses with them. Wire conventions: snake_case, durations in seconds, latencies in
 * milliseconds (`*_ms`), sizes in bytes (`*_bytes`), instants in epoch milliseconds (`*_at_ms`), counters
 * that only grow end in `_total` and restart with `server.started_at_ms`.
 */

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative();
const instant = z.number().int().nonnegative();

export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

export const healthStatusSchema = z.enum(["healthy", "degraded", "unhealthy", "draining"]);

/** GET /health: 200 for healthy and degraded, 503 for unhealthy and draining. */
export const healthSchema = z.object({
  status: healthStatusSchema,
  server_id: z.string(),
  at_ms: instant,
  checks: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["pass", "warn", "fail", "unknown"]),
      message: z.string(),
    }),
  ),
});
export type Health = z.infer<typeof healthSchema>;

/**
 * A histogram that only grows: `counts[i]` observations were at most `bounds_ms[i]` and above the bound
 * before it; the last entry of `counts` (one more than bounds) holds what was above every bound.
 * Percentiles are made from the difference of two readings, never from one.
 */
export const histogramSchema = z
  .object({
    bounds_ms: z.array(amount).min(1).max(64),
    counts: z.array(count).min(2).max(65),
    sum_ms: amount,
  })
  .refine((h) => h.counts.length === h.bounds_ms.length + 1, {
    message: "counts must hold one entry more than bounds_ms",
    path: ["counts"],
  });
export type Histogram = z.infer<typeof histogramSchema>;

export const connectionStateSchema = z.enum(connectionStates);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

export const topTopicSchema = z.object({
  topic: z.string(),
  subscribers: count,
  /** Deliveries a second over the newest ten seconds. */
  deliveries_per_second: amount,
});

export const dataSourceSchema = z.object({
  name: z.string(),
  type: z.string(),
  state: z.enum(["running", "connecting", "backoff", "stopped", "failed"]),
  topics: count,
  last_message_at_ms: instant.nullable(),
  messages_total: count,
  /** Messages a second over the newest ten seconds. */
  messages_per_second: amount,
  errors_total: count,
  reconnects_total: count,
  last_error: z.string().nullable(),
});
export type DataSource = z.infer<typeof dataSourceSchema>;

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
    workers: count,
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

/** GET /config: the running configuration as nested objects, secrets masked. */
export const runningConfigSchema = z
  .object({ heartbeat: z.object({ interval: amount, timeout: amount }) })
  .catchall(z.unknown());
export type RunningConfig = z.infer<typeof runningConfigSchema>;

/** One row of GET /admin/connections. */
export const connectionSchema = z.object({
  id: z.string(),
  remote_ip: z.string(),
  remote_port: count,
  user_agent: z.string(),
  connected_at_ms: instant,
  /** Seconds since the last data frame either way; control frames don't count. */
  idle_time: amount,
  last_message_at_ms: instant.nullable(),
  rtt_ms: amount.nullable(),
  subscriptions: count,
  messages_in_total: count,
  messages_out_total: count,
  bytes_in_total: count,
  bytes_out_total: count,
  buffered_bytes: count,
  dropped_total: count,
  state: connectionStateSchema,
});
export type Connection = z.infer<typeof connectionSchema>;

const wholeNumber = z.coerce.number().int().nonnegative();

export const connectionSortSchema = z.enum(connectionSorts);

/** Query of GET /admin/connections. Without `limit` every match is streamed. */
export const connectionsQuerySchema = z.strictObject({
  /** Part of an id, an address or a user agent. */
  q: z.string().max(200).optional(),
  idle_gt: z.coerce.number().nonnegative().optional(),
  ip: z.string().max(64).optional(),
  topic: z.string().max(256).optional(),
  state: connectionStateSchema.optional(),
  min_buffered: wholeNumber.optional(),
  sort: connectionSortSchema.optional(),
  order: z.enum(["asc", "desc"]).optional(),
  limit: wholeNumber.min(1).max(10_000).optional(),
  /** From the `X-Next-Cursor` header of the page before; a plain row offset is taken too. */
  cursor: z.string().max(64).optional(),
});
export type ConnectionsQuery = z.infer<typeof connectionsQuerySchema>;

/** GET /admin/connections: a bare array; `X-Total-Count` and `X-Next-Cursor` are headers. */
export const connectionsSchema = z.array(connectionSchema);

/** GET /admin/connections/by-ip: largest first. */
export const connectionsByIpSchema = z.array(
  z.object({ remote_ip: z.string(), connections: count, idle: count }),
);
export type ConnectionsByIp = z.infer<typeof connectionsByIpSchema>;

/** GET /admin/closed-connections: the newest closes and the lifetimes of all that are kept. */
export const closedConnectionsSchema = z.object({
  closes: z.array(
    z.object({
      id: z.string(),
      remote_ip: z.string(),
      closed_at_ms: instant,
      lifetime_seconds: amount,
      /** `lost` means that no close frame came. */
      side: z.enum(["client", "server", "lost"]),
      code: z.number().int(),
      reason: z.string(),
    }),
  ),
  /** Every close since the start of the service, by lifetime in bins of `bin_seconds`; the last bin is open. */
  lifetimes: z.object({ bin_seconds: amount, counts: z.array(count) }),
});
export type ClosedConnections = z.infer<typeof closedConnectionsSchema>;

export const closedConnectionsQuerySchema = z.strictObject({
  limit: wholeNumber.min(1).max(5_000).optional(),
  side: z.enum(["client", "server", "lost"]).optional(),
});

/**
 * Body of POST /admin/cleanup-connections. Nothing given: idle over 300 s without subscriptions, or an
 * outbound queue that has not moved for 30 s. An empty `ids` matches nobody.
 */
export const cleanupRequestSchema = z.strictObject({
  idle_seconds: z.number().nonnegative().max(31_536_000).optional(),
  include_subscribed: z.boolean().optional(),
  ip: z.string().max(64).optional(),
  topic: z.string().max(256).optional(),
  min_buffered: z.number().int().nonnegative().optional(),
  ids: z.array(z.string().max(64)).max(10_000).optional(),
  ping_first: z.boolean().optional(),
  max: z.number().int().positive().optional(),
  rate_per_second: z.number().positive().max(10_000).optional(),
  dry_run: z.boolean().optional(),
});
export type CleanupRequest = z.infer<typeof cleanupRequestSchema>;

export const cleanupResultSchema = z.object({
  /** Who matched when the job began. */
  candidates: z.object({ total: count, idle: count, stuck: count, listed: count }),
  buffered_bytes: count,
  queued_messages: count,
  /** Matched and left open, because they answered `ping_first` or came to life before their turn. */
  spared: count,
  closed: count,
  already_gone: count,
  /** Addresses of closed connections that connected again before the job ended. */
  came_back: count,
  /** Largest buffers first, at most 20. */
  sample: z.array(connectionSchema).max(20),
  by_ip: z.array(z.object({ remote_ip: z.string(), connections: count })).max(20),
});
export type CleanupResult = z.infer<typeof cleanupResultSchema>;

/** What takes time answers a job; GET /admin/jobs/{id} follows it, DELETE stops it. */
export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(["cleanup-connections"]),
  state: z.enum(["running", "succeeded", "failed", "stopped"]),
  dry_run: z.boolean(),
  created_at_ms: instant,
  finished_at_ms: instant.nullable(),
  done: count,
  total: count,
  result: cleanupResultSchema,
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Job = z.infer<typeof jobSchema>;

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
    .array(z.object({ tid: count, name: z.string(), state: z.string(), cpu_seconds_total: amount }))
    .nullable(),
  reason: z.string().nullable(),
  event_loops: z.array(
    z.object({
      worker: z.string(),
      delay_p50_ms: amount,
      delay_p99_ms: amount,
      delay_max_ms: amount,
      utilization: amount,
    }),
  ),
});
export type Threads = z.infer<typeof threadsSchema>;

/** GET /admin/datasource-status. */
export const datasourceStatusSchema = z.object({ datasources: z.array(dataSourceSchema) });

export const configSourceSchema = z.enum(["default", "file", "env", "override"]);

/** GET /admin/effective-config: each key with the source that won and those that lost. */
export const effectiveConfigSchema = z.object({
  file: z.string().nullable(),
  keys: z.array(
    z.object({
      key: z.string(),
      /** Masked as `"set"` or null when the key is secret. */
      value: z.unknown(),
      winner: configSourceSchema,
      /** The variable's name when the environment won. */
      variable: z.string().nullable(),
      losers: z.array(
        z.object({ source: configSourceSchema, variable: z.string().nullable(), value: z.unknown() }),
      ),
      type: z.string(),
      unit: z.string().nullable(),
      description: z.string(),
      hot: z.boolean(),
      secret: z.boolean(),
    }),
  ),
  conflicts: z.array(z.object({ key: z.string(), variables: z.array(z.string()), message: z.string() })),
  unknown_variables: z.array(z.string()),
});
export type EffectiveConfig = z.infer<typeof effectiveConfigSchema>;

/** A mistake in a configuration file or variable. */
export const configMistakeSchema = z.object({
  file: z.string().nullable(),
  line: count.nullable(),
  column: count.nullable(),
  key: z.string().nullable(),
  expected: z.string(),
  message: z.string(),
});
export type ConfigMistake = z.infer<typeof configMistakeSchema>;

export const reloadRequestSchema = z.strictObject({ dry_run: z.boolean().optional() });

/** POST /admin/reload-config. With mistakes `valid` is false, the status 422 and nothing was applied. */
export const reloadResultSchema = z.object({
  valid: z.boolean(),
  dry_run: z.boolean(),
  file: z.string().nullable(),
  changes: z.array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown(), hot: z.boolean() })),
  /** Keys in force now; empty on a dry run. */
  applied: z.array(z.string()),
  needs_restart: z.array(z.string()),
  mistakes: z.array(configMistakeSchema),
});
export type ReloadResult = z.infer<typeof reloadResultSchema>;

/** Names that GET /metrics serves; each is documented in docs/service-api.md. */
export const prometheusNames = [
  "websocket_active_connections",
  "websocket_max_connections",
  "websocket_idle_connections",
  "websocket_connections_opened_total",
  "websocket_connections_closed_total",
  "websocket_connections_refused_total",
  "websocket_heartbeat_timeouts_total",
  "websocket_queue_messages",
  "websocket_queue_bytes",
  "websocket_queue_oldest_seconds",
  "websocket_messages_dropped_total",
  "websocket_messages_conflated_total",
  "websocket_active_subscriptions",
  "websocket_topics",
  "websocket_messages_received_total",
  "websocket_messages_sent_total",
  "websocket_received_bytes_total",
  "websocket_sent_bytes_total",
  "websocket_messages_published_total",
  "websocket_push_latency_seconds",
  "websocket_rtt_seconds",
  "websocket_datasource_up",
  "websocket_datasource_messages_total",
  "websocket_cache_entries",
  "websocket_log_lines_total",
  "process_cpu_user_seconds_total",
  "process_cpu_system_seconds_total",
  "process_resident_memory_bytes",
  "process_start_time_seconds",
  "nodejs_heap_size_used_bytes",
  "nodejs_external_memory_bytes",
  "nodejs_eventloop_delay_p99_seconds",
  "nodejs_gc_duration_seconds_total",
] as const;
