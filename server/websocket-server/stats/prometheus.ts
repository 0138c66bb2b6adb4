import { type Metric, Registry, type RegistryContentType } from "prom-client";
import type { Histogram, prometheusNames, Stats } from "../../../lib/contract/service-api";

type Name = (typeof prometheusNames)[number];
interface Value {
  value: number;
  labels?: Record<string, string | number>;
  metricName?: string;
}
interface Definition {
  type: "counter" | "gauge" | "histogram";
  help: string;
  values(stats: Stats): number | Value[];
}

const counter = (help: string, values: Definition["values"]): Definition => ({
  type: "counter",
  help,
  values,
});
const gauge = (help: string, values: Definition["values"]): Definition => ({ type: "gauge", help, values });
const histogram = (help: string, name: Name, of: (stats: Stats) => Histogram): Definition => ({
  type: "histogram",
  help,
  values: (stats) => buckets(name, of(stats)),
});

/** Every name of the contract and the figure of /stats that it shows. */
const definitions: Record<Name, Definition> = {
  websocket_workers: gauge("Processes that hold connections", (s) => s.server.workers),
  websocket_workers_unavailable: gauge(
    "Workers that don't serve at the moment",
    (s) => s.server.unavailable_workers.length,
  ),
  websocket_worker_restarts_total: counter("Workers started again", (s) => s.server.worker_restarts_total),
  websocket_active_connections: gauge("Open connections", (s) => s.connections.active_connections),
  websocket_max_connections: gauge("Open connections at most", (s) => s.connections.max_connections),
  websocket_idle_connections: gauge(
    "Connections idle beyond the threshold",
    (s) => s.connections.idle_connections,
  ),
  websocket_connections_opened_total: counter("Connections opened", (s) => s.connections.opened_total),
  websocket_connections_closed_total: counter("Connections closed, by close code", (s) =>
    labelled("code", s.connections.closed_by_code),
  ),
  websocket_connections_refused_total: counter("Handshakes refused, by reason", (s) =>
    labelled("reason", s.connections.refused_by_reason),
  ),
  websocket_heartbeat_timeouts_total: counter(
    "Connections dropped for silence",
    (s) => s.connections.heartbeat_timeouts_total,
  ),
  websocket_queue_messages: gauge("Messages not yet taken by the kernel", (s) => s.message_queue.messages),
  websocket_queue_bytes: gauge("Bytes not yet taken by the kernel", (s) => s.message_queue.bytes),
  websocket_queue_oldest_seconds: gauge(
    "Age of the oldest waiting message",
    (s) => s.message_queue.oldest_ms / 1_000,
  ),
  websocket_messages_dropped_total: counter(
    "Messages discarded with their connection",
    (s) => s.message_queue.dropped_total,
  ),
  websocket_messages_conflated_total: counter(
    "Messages replaced unsent by a newer value",
    (s) => s.message_queue.conflated_total,
  ),
  websocket_active_subscriptions: gauge("Subscriptions held", (s) => s.subscriptions.active_subscriptions),
  websocket_topics: gauge("Topics", (s) => s.subscriptions.topics),
  websocket_recovered_total: counter(
    "Subscriptions that got everything since the point they named",
    (s) => s.subscriptions.recovered_total,
  ),
  websocket_gaps_total: counter("Gap messages sent", (s) => s.subscriptions.gaps_total),
  websocket_messages_received_total: counter("Messages from clients", (s) => s.messages.in_total),
  websocket_messages_sent_total: counter("Messages taken by the kernel", (s) => s.messages.out_total),
  websocket_received_bytes_total: counter("Bytes of messages from clients", (s) => s.messages.in_bytes_total),
  websocket_sent_bytes_total: counter("Bytes taken by the kernel", (s) => s.messages.out_bytes_total),
  websocket_messages_published_total: counter(
    "Messages accepted from sources and publishers",
    (s) => s.messages.published_total,
  ),
  websocket_push_latency_seconds: histogram(
    "From a message accepted to its bytes taken by the kernel",
    "websocket_push_latency_seconds",
    (s) => s.latency.push,
  ),
  websocket_rtt_seconds: histogram(
    "Round trip of heartbeat pings",
    "websocket_rtt_seconds",
    (s) => s.latency.rtt,
  ),
  websocket_datasource_up: gauge("Whether a data source runs", (s) =>
    s.datasources.map(({ name, state }) => ({
      labels: { source: name },
      value: state === "running" ? 1 : 0,
    })),
  ),
  websocket_datasource_messages_total: counter("Messages of a data source", (s) =>
    s.datasources.map(({ name, messages_total: value }) => ({ labels: { source: name }, value })),
  ),
  websocket_datasource_errors_total: counter("Failed connections and payloads of a data source", (s) =>
    s.datasources.map(({ name, errors_total: value }) => ({ labels: { source: name }, value })),
  ),
  websocket_datasource_reconnects_total: counter("Connections of a data source after its first", (s) =>
    s.datasources.map(({ name, reconnects_total: value }) => ({ labels: { source: name }, value })),
  ),
  websocket_cache_entries: gauge("Topics with a last value", (s) => s.cache.entries),
  websocket_certificate_expiry_seconds: gauge(
    "End of the certificate that is served, in Unix time; none without TLS",
    ({ server }) => (server.tls === null ? [] : [{ value: server.tls.not_after_ms / 1_000 }]),
  ),
  websocket_log_lines_total: counter("Lines logged", (s) => s.logs.lines_total),
  process_cpu_user_seconds_total: counter("CPU time in user space", (s) => s.cpu.user_seconds_total),
  process_cpu_system_seconds_total: counter("CPU time in the kernel", (s) => s.cpu.system_seconds_total),
  process_resident_memory_bytes: gauge("Resident memory", (s) => s.memory.rss_bytes),
  process_start_time_seconds: gauge(
    "Start of the service in Unix time",
    (s) => s.server.started_at_ms / 1_000,
  ),
  nodejs_heap_size_used_bytes: gauge("Heap in use", (s) => s.memory.heap_used_bytes),
  nodejs_external_memory_bytes: gauge("Memory outside of the heap", (s) => s.memory.external_bytes),
  nodejs_eventloop_delay_p99_seconds: gauge(
    "Event-loop delay p99 over the newest second",
    (s) => s.cpu.event_loop_delay_p99_ms / 1_000,
  ),
  nodejs_gc_duration_seconds_total: counter("Time in garbage collection", (s) => s.cpu.gc_seconds_total),
};

/** The figures of `stats` as Prometheus text, or as OpenMetrics. */
export async function renderMetrics(
  stats: Stats,
  openMetrics: boolean,
): Promise<{ text: string; contentType: string }> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(openMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE);
  for (const [name, { type, help, values }] of Object.entries(definitions)) {
    const given = values(stats);
    const reading = {
      name,
      help,
      type,
      aggregator: "sum",
      values: typeof given === "number" ? [{ value: given, labels: {} }] : given,
    };
    // The registry only asks a metric for `get`; these are readings of counters that are kept elsewhere.
    const metric = {
      name,
      type,
      get() {
        return Promise.resolve({ ...reading, name: this.name });
      },
    };
    registry.registerMetric(metric as unknown as Metric);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

function labelled(label: string, counts: Record<string, number>): Value[] {
  return Object.entries(counts).map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function buckets(name: Name, { bounds_ms: bounds, counts, sum_ms: sumMs }: Histogram): Value[] {
  let sum = 0;
  const values: Value[] = counts.map((count, index) => {
    sum += count;
    const bound = bounds[index];
    const le = bound === undefined ? "+Inf" : Number((bound / 1_000).toPrecision(6));
    return { metricName: `${name}_bucket`, labels: { le }, value: sum };
  });
  values.push({ metricName: `${name}_sum`, value: sumMs / 1_000 });
  values.push({ metricName: `${name}_count`, value: sum });
  return values;
}
