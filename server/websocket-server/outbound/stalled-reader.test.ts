import { afterEach, expect, test } from "vitest";
import type { Histogram } from "../../../lib/contract/service-api";
import type { DataMessage, WebsocketClient } from "../../websocket-client/client";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

const payload = "x".repeat(100_000);

function above(histogram: Histogram, ms: number): number {
  return histogram.counts.reduce(
    (sum, count, index) => ((histogram.bounds_ms[index - 1] ?? 0) >= ms ? sum + count : sum),
    0,
  );
}

/** Publishes until the kernel takes no more of what the paused client is sent. */
async function fillUp(client: WebsocketClient, topic = "chat.big"): Promise<void> {
  client.socket?.pause();
  await until(() => {
    service.publish(topic, payload);
    return service.stats().message_queue.messages > 0 && service.stats().message_queue.oldest_ms > 200;
  });
}

test("a reader that stalls and goes on moves the push latency, a good one doesn't", async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_OUTBOUND_MAX_BYTES: "100000000",
  });
  const client = await service.client();
  await client.subscribe("chat.big");
  await fillUp(client);
  expect(above(service.stats().latency.push, 200)).toBe(0);
  const { messages, bytes, oldest_ms } = service.stats().message_queue;
  expect(messages).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThanOrEqual(messages * payload.length);
  expect(oldest_ms).toBeGreaterThan(200);

  client.socket?.resume();
  await until(() => service.stats().message_queue.messages === 0);
  expect(above(service.stats().latency.push, 200)).toBeGreaterThan(0);
  expect(service.stats().message_queue).toMatchObject({ bytes: 0, oldest_ms: 0, dropped_total: 0 });
});

test("past the limit updates of a topic are conflated to the newest, and their age is not hidden", async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_OUTBOUND_MAX_BYTES: "400000",
  });
  const client = await service.client();
  const seqs: number[] = [];
  client.onMessage((message: DataMessage) => seqs.push(message.seq));
  await client.subscribe("chat.big");
  await fillUp(client);
  await until(() => {
    service.publish("chat.big", payload);
    return service.stats().message_queue.conflated_total > 20;
  });
  const { published_total } = service.stats().messages;
  await until(() => {
    const { latency, message_queue } = service.stats();
    return latency.push.counts.reduce((a, b) => a + b) + message_queue.messages === published_total;
  });

  client.socket?.resume();
  await until(() => seqs.at(-1) === published_total);
  expect(seqs.length).toBeLessThan(published_total);
  expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
  const rows = await (await fetch(`${service.adminUrl}/admin/connections`)).json();
  expect(rows[0].dropped_total).toBe(published_total - seqs.length);
});

test("no write progress until the deadline closes with 1013; others get theirs meanwhile", async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_OUTBOUND_MAX_BYTES: "400000",
    WEBSOCKET_OUTBOUND_WRITE_DEADLINE: "0.5",
  });
  const good = await service.client();
  const received: number[] = [];
  good.onMessage((message) => received.push(message.seq));
  await good.subscribe("chat.big");
  const bad = await service.client();
  await bad.subscribe("chat.big");
  await fillUp(bad);
  await until(() => service.stats().connections.closed_by_code["1013"] === 1);
  const { published_total } = service.stats().messages;
  await until(() => received.at(-1) === published_total);
  expect(received).toEqual(Array.from({ length: published_total }, (_, i) => i + 1));
  const stats = service.stats();
  expect(stats.connections.closed_by_side.server).toBe(1);
  expect(stats.message_queue).toMatchObject({ messages: 0, bytes: 0 });
  expect(stats.message_queue.dropped_total).toBeGreaterThan(0);
});

test("a stop does not wait for a reader that has stalled", async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_OUTBOUND_MAX_BYTES: "400000",
    WEBSOCKET_SHUTDOWN_TIMEOUT: "0.5",
  });
  const stalled = await service.client();
  await stalled.subscribe("chat.big");
  await fillUp(stalled);
  await service.stop();
  expect(service.stats().connections.active_connections).toBe(0);
  expect(service.stats().message_queue).toMatchObject({ messages: 0, bytes: 0 });
});
