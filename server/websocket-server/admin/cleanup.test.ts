import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import type { CleanupJob as Job } from "../../../lib/contract/service-api";
import type { WebsocketClient } from "../../websocket-client/client";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

async function cleanUp(body?: unknown): Promise<Job> {
  const response = await fetch(`${service.adminUrl}/admin/cleanup-connections`, {
    method: "POST",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  expect([200, 202]).toContain(response.status);
  return (await response.json()) as Job;
}

function finished(job: Job): Promise<Job> {
  return until(async () => {
    const now = (await (await fetch(`${service.adminUrl}/admin/jobs/${job.id}`)).json()) as Job;
    return now.state === "running" ? null : now;
  });
}

async function clients(count: number): Promise<WebsocketClient[]> {
  return Promise.all(Array.from({ length: count }, () => service.client()));
}

/** Waits until every connection has been idle for longer than `seconds`. */
async function idleFor(seconds: number): Promise<void> {
  await until(async () => {
    const rows = (await (await fetch(`${service.adminUrl}/admin/connections`)).json()) as {
      idle_time: number;
    }[];
    return rows.every((row) => row.idle_time > seconds);
  });
}

test("closes idle connections for real, with a code and a reason, and leaves subscribers alone", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  const idle = await clients(5);
  const [subscriber] = await clients(1);
  await subscriber?.subscribe("chat.a");
  await idleFor(0.05);
  const closes = Promise.all(
    idle.map((client) => once(client.socket as NonNullable<typeof client.socket>, "close")),
  );

  const preview = await cleanUp({ idle_seconds: 0.05, dry_run: true });
  expect(preview).toMatchObject({
    state: "succeeded",
    dry_run: true,
    total: 5,
    done: 0,
    result: { candidates: { total: 5, idle: 5, stuck: 0, listed: 0 }, closed: 0 },
  });
  expect(preview.result.sample).toHaveLength(5);
  expect(preview.result.by_ip).toEqual([{ remote_ip: "127.0.0.1", connections: 5 }]);
  expect(service.stats().connections.active_connections).toBe(6);

  const job = await finished(await cleanUp({ idle_seconds: 0.05 }));
  expect(job).toMatchObject({
    state: "succeeded",
    done: 5,
    result: { closed: 5, spared: 0, already_gone: 0 },
  });
  for (const [code, reason] of await closes) {
    expect(code).toBe(4001);
    expect(String(reason)).toBe("clean-up: idle");
  }
  expect(subscriber?.connected).toBe(true);
  expect(service.stats().connections).toMatchObject({ active_connections: 1, closed_by_code: { 4001: 5 } });
});

test("without a body nobody who is merely young is closed", async () => {
  service = await startTestService();
  await clients(3);
  expect((await cleanUp()).result.candidates.total).toBe(0);
});

test.each([
  ["an empty list", { ids: [] }],
  ["an empty list beside an idle time", { ids: [], idle_seconds: 0 }],
  ["an unknown id", { ids: ["c-none"] }],
  ["a foreign address", { ip: "10.9.8.7", idle_seconds: 0, include_subscribed: true }],
  ["an unknown topic", { topic: "chat.z", idle_seconds: 0, include_subscribed: true }],
  ["a buffer nobody has", { min_buffered: 1, idle_seconds: 0 }],
])("%s matches nobody", async (_name, body) => {
  service = await startTestService();
  await clients(2);
  await idleFor(0);
  expect((await cleanUp(body)).total).toBe(0);
  expect(service.stats().connections.active_connections).toBe(2);
});

test("a list closes exactly those named", async () => {
  service = await startTestService();
  await clients(3);
  const rows = (await (await fetch(`${service.adminUrl}/admin/connections`)).json()) as { id: string }[];
  const id = rows[1]?.id as string;
  const job = await finished(await cleanUp({ ids: [id] }));
  expect(job.result).toMatchObject({ candidates: { total: 1, listed: 1 }, closed: 1 });
  await until(() => service.stats().connections.active_connections === 2);
});

test("ping_first spares those that answer", async () => {
  service = await startTestService();
  await clients(3);
  await idleFor(0.05);
  const job = await finished(await cleanUp({ idle_seconds: 0.05, ping_first: true }));
  expect(job.result).toMatchObject({ spared: 3, closed: 0 });
  expect(service.stats().connections.active_connections).toBe(3);
});

test("whoever comes to life before its turn is spared, and a stopped job closes no more", async () => {
  service = await startTestService();
  const all = await clients(4);
  await idleFor(0.3);
  const job = await cleanUp({ idle_seconds: 0.3, rate_per_second: 2 });
  expect(job).toMatchObject({ state: "running", total: 4 });
  for (const client of all) if (client.connected) await client.request({ op: "ping" }).catch(() => {});
  await until(() => service.stats().connections.active_connections === 3);
  const seen = await until(async () => {
    const now = (await (await fetch(`${service.adminUrl}/admin/jobs/${job.id}`)).json()) as Job;
    return now.done >= 2 ? now : null;
  });
  expect(seen.result.closed + seen.result.spared).toBe(seen.done);
  const response = await fetch(`${service.adminUrl}/admin/jobs/${job.id}`, { method: "DELETE" });
  const stopped = (await response.json()) as Job;
  expect(stopped).toMatchObject({ state: "stopped", done: seen.done });
});

test("max takes the idlest, and who comes back is counted by address", async () => {
  service = await startTestService();
  await clients(4);
  await idleFor(0.02);
  const job = await cleanUp({ idle_seconds: 0.02, max: 2 });
  expect(job.total).toBe(2);
  await until(() => service.stats().connections.active_connections === 2);
  await clients(1);
  expect((await finished(job)).result).toMatchObject({ closed: 2, came_back: 1 });
});

test("a stuck reader is a candidate and is really cut off", async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_OUTBOUND_MAX_BYTES: "400000",
  });
  const [stuck] = await clients(1);
  await stuck?.subscribe("chat.big");
  stuck?.socket?.pause();
  await until(() => {
    service.publish("chat.big", "x".repeat(100_000));
    return service.stats().message_queue.oldest_ms > 100;
  });
  const preview = await cleanUp({
    min_buffered: 1,
    idle_seconds: 0,
    include_subscribed: true,
    dry_run: true,
  });
  expect(preview.result.buffered_bytes).toBeGreaterThan(100_000);
  const job = await finished(await cleanUp({ min_buffered: 1, idle_seconds: 0, include_subscribed: true }));
  expect(job.result.closed).toBe(1);
  expect(service.stats().connections.active_connections).toBe(0);
  expect(service.stats().message_queue.messages).toBe(0);
});
