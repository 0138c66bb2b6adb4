import { type MetricName, metricNames } from "../../../lib/contract/metrics";
import type { Stats } from "../../../lib/contract/service-api";
import { type Buckets, diffHistogram, percentile } from "../../../lib/histogram";
import { ratePerSecond, sameRun } from "../../../lib/rates";

/** An answer of GET /stats and when it came. */
export interface Reading {
  atMs: number;
  stats: Stats;
}

const counters = {
  connections_opened_per_second: (s) => s.connections.opened_total,
  connections_closed_per_second: (s) => s.connections.closed_total,
  connections_refused_per_second: (s) => s.connections.refused_total,
  messages_in_per_second: (s) => s.messages.in_total,
  messages_out_per_second: (s) => s.messages.out_total,
  bytes_out_per_second: (s) => s.messages.out_bytes_total,
  messages_dropped_per_second: (s) => s.message_queue.dropped_total,
  cpu_cores: (s) => s.cpu.user_seconds_total + s.cpu.system_seconds_total,
  gc_share: (s) => s.cpu.gc_seconds_total,
} satisfies Partial<Record<MetricName, (stats: Stats) => number>>;

const gauges = {
  active_connections: (s) => s.connections.active_connections,
  max_connections: (s) => s.connections.max_connections,
  idle_connections: (s) => s.connections.idle_connections,
  zombie_connections: (s) => s.connections.zombie_connections,
  queue_messages: (s) => s.message_queue.messages,
  queue_bytes: (s) => s.message_queue.bytes,
  queue_oldest_ms: (s) => s.message_queue.oldest_ms,
  rss_bytes: (s) => s.memory.rss_bytes,
  heap_used_bytes: (s) => s.memory.heap_used_bytes,
  memory_limit_bytes: (s) => s.memory.limit_bytes,
  available_cores: (s) => s.cpu.available_cores,
  event_loop_delay_ms: (s) => s.cpu.event_loop_delay_p99_ms,
  active_subscriptions: (s) => s.subscriptions.active_subscriptions,
  topics: (s) => s.subscriptions.topics,
  uptime_seconds: (s) => s.server.uptime_seconds,
} satisfies Partial<Record<MetricName, (stats: Stats) => number | null>>;

const percentiles = {
  push_latency_p50_ms: 0.5,
  push_latency_p95_ms: 0.95,
  push_latency_p99_ms: 0.99,
} satisfies Partial<Record<MetricName, number>>;

/** Every metric is read from the stats in exactly one of these ways. */
const readers: Record<
  MetricName,
  (after: Reading, before: Reading | null, push: Buckets | null) => number | null
> = {
  ...mapValues(gauges, (gauge) => (after: Reading) => gauge(after.stats)),
  ...mapValues(
    counters,
    (counter) => (after: Reading, before: Reading | null) =>
      before === null
        ? null
        : ratePerSecond(counter(before.stats), counter(after.stats), after.atMs - before.atMs),
  ),
  ...mapValues(
    percentiles,
    (q) => (_: Reading, __: Reading | null, push: Buckets | null) =>
      push && percentile(push.counts, push.boundsMs, q),
  ),
};

/**
 * A server's values in the order of `metricNames`, and the push latencies observed since the reading before.
 * What needs two readings is null without one of the same run of the process.
 */
export function valuesOfStats(
  after: Reading,
  before: Reading | null,
): { values: (number | null)[]; push: Buckets | null } {
  const comparable = before !== null && sameRun(runOf(before.stats), runOf(after.stats)) ? before : null;
  const push = comparable && diffHistogram(comparable.stats.latency.push, after.stats.latency.push);
  return { values: metricNames.map((name) => readers[name](after, comparable, push)), push };
}

/** The percentiles of the metrics that are merged, from buckets of several servers. */
export function mergedPercentile(name: MetricName, push: Buckets): number | null {
  const q = name in percentiles ? percentiles[name as keyof typeof percentiles] : null;
  return q === null ? null : percentile(push.counts, push.boundsMs, q);
}

function runOf({ server }: Stats) {
  return { instanceId: server.instance_id, startedAtMs: server.started_at_ms };
}

function mapValues<K extends string, A, B>(record: Record<K, A>, map: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value as A)])) as Record<
    K,
    B
  >;
}
