import { afterAll, beforeAll, expect, test } from "vitest";
import { prometheusNames, type Stats } from "../../../lib/contract/service-api";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*", HEARTBEAT_INTERVAL: "3600" });
  const client = await service.client();
  await client.subscribe("chat.a");
  for (let i = 0; i < 25; i++) await client.publish("chat.a", i);
  const other = await service.client();
  await other.close();
  await until(
    () => service.stats().message_queue.messages === 0 && service.stats().connections.closed_total === 1,
  );
  await until(() => service.stats().latency.rtt.counts.some((count) => count > 0));
});
afterAll(() => service.end());

async function scrape(accept = "*/*") {
  const response = await fetch(`${service.adminUrl}/metrics`, { headers: { accept } });
  const text = await response.text();
  const values = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
    if (name !== undefined) values.set(name, Number(value));
  }
  return { text, values, contentType: response.headers.get("content-type") };
}

test("/stats, /metrics and the counters in the process agree", async () => {
  const inProcess = service.stats();
  const stats = (await (await fetch(`${service.adminUrl}/stats`)).json()) as Stats;
  const { values } = await scrape();
  for (const part of ["connections", "message_queue", "messages", "latency", "cache"] as const) {
    expect(stats[part]).toEqual(inProcess[part]);
  }
  expect(stats.messages).toMatchObject({ in_total: 26, published_total: 25 });
  const pairs: [string, number][] = [
    ["websocket_active_connections", stats.connections.active_connections],
    ["websocket_max_connections", stats.connections.max_connections],
    ["websocket_connections_opened_total", stats.connections.opened_total],
    ['websocket_connections_closed_total{code="1000"}', stats.connections.closed_by_code["1000"] ?? -1],
    ["websocket_queue_messages", stats.message_queue.messages],
    ["websocket_active_subscriptions", stats.subscriptions.active_subscriptions],
    ["websocket_topics", stats.subscriptions.topics],
    ["websocket_messages_received_total", stats.messages.in_total],
    ["websocket_messages_sent_total", stats.messages.out_total],
    ["websocket_received_bytes_total", stats.messages.in_bytes_total],
    ["websocket_sent_bytes_total", stats.messages.out_bytes_total],
    ["websocket_messages_published_total", stats.messages.published_total],
    ["websocket_push_latency_seconds_count", stats.latency.push.counts.reduce((a, b) => a + b)],
    ["websocket_push_latency_seconds_sum", stats.latency.push.sum_ms / 1_000],
    ["websocket_rtt_seconds_count", stats.latency.rtt.counts.reduce((a, b) => a + b)],
    ["websocket_cache_entries", stats.cache.entries],
    ["process_start_time_seconds", stats.server.started_at_ms / 1_000],
  ];
  for (const [name, value] of pairs) expect([name, values.get(name)]).toEqual([name, value]);
  expect(values.get('websocket_push_latency_seconds_bucket{le="+Inf"}')).toBe(25);
});

test("buckets are cumulative and in seconds", async () => {
  const { values } = await scrape();
  const buckets = [...values].filter(([name]) => name.startsWith("websocket_push_latency_seconds_bucket"));
  expect(buckets[0]?.[0]).toBe('websocket_push_latency_seconds_bucket{le="0.0001"}');
  const counts = buckets.map(([, count]) => count);
  expect([...counts].sort((a, b) => a - b)).toEqual(counts);
});

test("serves exactly the names of the contract, each with help and type", async () => {
  const { text, contentType } = await scrape();
  const served = [...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]);
  expect(served.sort()).toEqual([...prometheusNames].sort());
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});

test("speaks OpenMetrics to those who ask for it", async () => {
  const { text, contentType } = await scrape("application/openmetrics-text; version=1.0.0");
  expect(contentType).toMatch(/^application\/openmetrics-text/);
  expect(text).toMatch(/# TYPE websocket_messages_sent counter\nwebsocket_messages_sent_total \d+/);
  expect(text.endsWith("# EOF\n")).toBe(true);
});
