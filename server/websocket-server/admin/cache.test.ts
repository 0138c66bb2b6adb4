import { Redis } from "ioredis";
import { afterEach, describe, expect, test } from "vitest";
import { cacheSchema, flushCacheResultSchema } from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import { type RedisServer, startRedis } from "../../testing/redis-server";
import { until } from "../../testing/until";
import { startTestService, type TestService } from "../test-service";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(env: Record<string, string> = {}): Promise<TestService> {
  const service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "room.*",
    WEBSOCKET_CACHE_STALE_AFTER: "1",
    ...env,
  });
  ends.push(() => service.end());
  return service;
}

const cacheOf = async (service: TestService) =>
  cacheSchema.strict().parse(await (await fetch(`${service.adminUrl}/admin/cache`)).json());

async function flush(service: TestService, body?: unknown) {
  const answer = await fetch(`${service.adminUrl}/admin/cache/flush`, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return flushCacheResultSchema.strict().parse(await answer.json());
}

const names = async (service: TestService) => (await cacheOf(service)).oldest.map(({ topic }) => topic);

/** Two topics that have grown stale and one that is kept fresh until the answer is called. */
async function fill(service: TestService): Promise<() => void> {
  const client = await service.client();
  for (const topic of ["room.1", "room.2", "room.2"]) await client.publish(topic, "old");
  await until("they are stale", async () => (await cacheOf(service)).stale_entries === 2);
  const keepFresh = () => service.publish("room.3", "new");
  keepFresh();
  const timer = setInterval(keepFresh, 50);
  const stop = () => clearInterval(timer);
  ends.push(stop);
  await until("it is there", async () => (await cacheOf(service)).entries === 3);
  return stop;
}

describe("in memory", () => {
  test("tells entries, bytes, hits and which values are stale, stalest first", async () => {
    const service = await start();
    expect(await cacheOf(service)).toMatchObject({
      backend: "memory",
      state: "ready",
      redis: null,
      entries: 0,
    });
    const stop = await fill(service);
    const client = await service.client();
    for (const topic of ["room.1", "room.9"]) await client.subscribe(topic);
    const found = await cacheOf(service);
    expect(found).toMatchObject({
      entries: 3,
      stale_entries: 2,
      stale_after_seconds: 1,
      hits_total: 1,
      misses_total: 1,
    });
    expect(found.oldest.map(({ topic }) => topic)).toEqual(["room.1", "room.2", "room.3"]);
    expect(found.oldest.map(({ seq }) => seq).slice(0, 2)).toEqual([1, 2]);
    expect(found.oldest.map(({ bytes }) => bytes).reduce((sum, bytes) => sum + bytes, 0)).toBe(found.bytes);
    stop();
    const { cache } = await (await fetch(`${service.adminUrl}/stats`)).json();
    expect(cache).toMatchObject({
      backend: "memory",
      entries: 3,
      bytes: (await cacheOf(service)).bytes,
      hits_total: 1,
      misses_total: 1,
    });
  });

  test("shows the twenty oldest of many", async () => {
    const service = await start();
    for (let n = 0; n < 50; n++) service.publish(`t.${n}`, n);
    const { oldest, entries } = await cacheOf(service);
    expect(entries).toBe(50);
    expect(oldest).toHaveLength(20);
  });

  test("forgets one topic, the stale ones or all; a dry run nothing; numbers go on", async () => {
    const service = await start();
    const stop = await fill(service);
    const all = await flush(service, { dry_run: true });
    expect(all).toMatchObject({ dry_run: true, entries: 3 });
    expect(all.bytes).toBeGreaterThan(150);
    expect(await flush(service, { topic: "room.1" })).toMatchObject({ dry_run: false, entries: 1 });
    expect(await names(service)).toEqual(["room.2", "room.3"]);
    expect(await flush(service, { stale_only: true })).toMatchObject({ entries: 1 });
    expect(await names(service)).toEqual(["room.3"]);
    expect(await flush(service, { topic: "room.3", stale_only: true })).toMatchObject({ entries: 0 });
    expect(await flush(service, { topic: "nowhere" })).toMatchObject({ entries: 0 });
    stop();
    expect(await flush(service)).toMatchObject({ entries: 1 });
    expect(await cacheOf(service)).toMatchObject({
      entries: 0,
      bytes: 0,
      history_messages: 0,
      history_bytes: 0,
    });
    const client = await service.client();
    expect(await client.publish("room.2", 1)).toMatchObject({ seq: 3 });
    await until("the flush is logged", () => service.logText().includes("cache flushed"));
  });

  test.each([[{ topics: [] }], [{ stale_only: "yes" }], [[]]])("refuses %j", async (body) => {
    const service = await start();
    const answer = await fetch(`${service.adminUrl}/admin/cache/flush`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "INVALID_BODY" } });
  });
});

describeWith(["redis"], "in Redis", () => {
  async function two(): Promise<{ server: RedisServer; a: TestService; b: TestService }> {
    const server = await startRedis({ password: "hidden-word" });
    ends.push(() => server.end());
    const env = {
      WEBSOCKET_CACHE_BACKEND: "redis",
      WEBSOCKET_REDIS_URL: server.url,
      WEBSOCKET_REDIS_TIMEOUT: "1",
    };
    return { server, a: await start(env), b: await start(env) };
  }

  test("tells what Redis tells of itself, and not its password", async () => {
    const { server, a } = await two();
    const found = await cacheOf(a);
    expect(found).toMatchObject({ backend: "redis", state: "ready" });
    expect(found.redis).toMatchObject({
      address: `127.0.0.1:${server.port}`,
      reconnects_total: 0,
      errors_total: 0,
      last_error: null,
    });
    expect(found.redis?.version).toMatch(/^\d+\.\d+/);
    expect(found.redis?.used_memory_bytes).toBeGreaterThan(100_000);
    expect(found.redis?.round_trip_ms).toBeGreaterThan(0);
    await server.kill();
    const down = await until("it is down", async () => {
      const cache = await cacheOf(a);
      return cache.state === "down" && cache;
    });
    expect(down.redis).toMatchObject({ version: null, used_memory_bytes: null, round_trip_ms: null });
    expect(down.redis?.last_error).toEqual(expect.any(String));
    expect(JSON.stringify(down)).not.toContain("hidden-word");
    const refused = await fetch(`${a.adminUrl}/admin/cache/flush`, { method: "POST" });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: "CACHE_UNAVAILABLE" } });
  });

  test("forgets on every instance and in Redis; numbers go on", async () => {
    const { server, a, b } = await two();
    const stop = await fill(a);
    const redis = new Redis(server.url);
    ends.push(() => redis.disconnect());
    await until("the other one has all", async () => (await cacheOf(b)).entries === 3);
    expect(await flush(b, { stale_only: true })).toMatchObject({ entries: 2 });
    expect(await names(b)).toEqual(["room.3"]);
    await until("the other one forgets, too", async () => (await names(a)).join() === "room.3");
    expect(await redis.hkeys("{websocket}:values")).toEqual(["room.3"]);
    stop();
    await flush(a);
    await until("the other one forgets, too", async () => (await cacheOf(b)).entries === 0);
    expect(await redis.exists("{websocket}:values")).toBe(0);
    expect(await (await b.client()).publish("room.2", 1)).toMatchObject({ seq: 3 });
  });
});
