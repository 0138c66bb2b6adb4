/**
 * The figures that the console keeps of each server, once a poll. The names are those of `data-metric`
 * attributes, history queries, live rows and snapshots. `aggregate` says how a fleet's or a group's value is
 * made of its members': `sum`, `max`, `min`, or `merge` (from the histograms' buckets added together).
 */
export const metrics = {
  active_connections: { unit: "count", aggregate: "sum" },
  max_connections: { unit: "count", aggregate: "sum" },
  idle_connections: { unit: "count", aggregate: "sum" },
  zombie_connections: { unit: "count", aggregate: "sum" },
  connections_opened_per_second: { unit: "per_second", aggregate: "sum" },
  connections_closed_per_second: { unit: "per_second", aggregate: "sum" },
  connections_refused_per_second: { unit: "per_second", aggregate: "sum" },
  messages_in_per_second: { unit: "per_second", aggregate: "sum" },
  messages_out_per_second: { unit: "per_second", aggregate: "sum" },
  bytes_out_per_second: { unit: "bytes_per_second", aggregate: "sum" },
  messages_dropped_per_second: { unit: "per_second", aggregate: "sum" },
  queue_messages: { unit: "count", aggregate: "sum" },
  queue_bytes: { unit: "bytes", aggregate: "sum" },
  queue_oldest_ms: { unit: "ms", aggregate: "max" },
  push_latency_p50_ms: { unit: "ms", aggregate: "merge" },
  push_latency_p95_ms: { unit: "ms", aggregate: "merge" },
  push_latency_p99_ms: { unit: "ms", aggregate: "merge" },
  rss_bytes: { unit: "bytes", aggregate: "sum" },
  heap_used_bytes: { unit: "bytes", aggregate: "sum" },
  memory_limit_bytes: { unit: "bytes", aggregate: "sum" },
  cpu_cores: { unit: "cores", aggregate: "sum" },
  available_cores: { unit: "cores", aggregate: "sum" },
  gc_share: { unit: "ratio", aggregate: "max" },
  event_loop_delay_ms: { unit: "ms", aggregate: "max" },
  active_subscriptions: { unit: "count", aggregate: "sum" },
  topics: { unit: "count", aggregate: "max" },
  uptime_seconds: { unit: "seconds", aggregate: "min" },
} as const satisfies Record<string, { unit: Unit; aggregate: "sum" | "max" | "min" | "merge" }>;

export type Unit =
  | "count"
  | "per_second"
  | "bytes"
  | "bytes_per_second"
  | "ms"
  | "cores"
  | "ratio"
  | "seconds";
export type MetricName = keyof typeof metrics;

/** Column order of every row of values. */
export const metricNames = Object.keys(metrics) as MetricName[];

/** Columns that a fleet view's rows carry, of servers and aggregates alike. */
export const fleetMetricNames = [
  "active_connections",
  "max_connections",
  "zombie_connections",
  "messages_in_per_second",
  "messages_out_per_second",
  "queue_messages",
  "push_latency_p50_ms",
  "push_latency_p95_ms",
  "push_latency_p99_ms",
  "rss_bytes",
  "heap_used_bytes",
  "memory_limit_bytes",
  "cpu_cores",
  "available_cores",
  "active_subscriptions",
  "uptime_seconds",
] as const satisfies MetricName[];

/**
 * Whose values a series holds: one server's (`server:ID`), those of all servers with one value of the
 * `region` label (`region:NAME`), or the whole fleet's (`fleet`).
 */
export type SeriesKey = "fleet" | `server:${string}` | `region:${string}`;

/** Servers without a `region` label stand in this group. */
export const noRegion = "other";
