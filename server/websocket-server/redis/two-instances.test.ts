import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { describeWith } from "../../testing/describe-with";
import { type RedisServer, startRedis } from "../../testing/redis-server";
import { until } from "../../testing/until";
import type { DataMessage } from "../../websocket-client/client";
import { startTestService, type TestService } from "../test-service";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describeWith(["redis"], "two instances on one Redis", () => {
  async function redis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
    const server = await startRedis(options);
    ends.push(() => server.end());
    return server;
  }

  async function service(url: string, env: Record<string, string> = {}): Promise<TestService> {
    const started = await startTestService({
      WEBSOCKET_CACHE_BACKEND: "redis",
      WEBSOCKET_REDIS_URL: url,
      WEBSOCKET_REDIS_TIMEOUT: "1",
      WEBSOCKET_REDIS_LEASE: "1",
      WEBSOCKET_PUBLISH_ALLOW: "room.*",
      WEBSOCKET_MESSAGES_MAX_PER_SECOND: "1000000",
      ...env,
    });
    ends.push(() => started.end());
    return started;
  }

  async function follow(on: TestService, topic: string): Promise<DataMessage[]> {
    const client = await on.client();
    const messages: DataMessage[] = [];
    client.onMessage((message) => messages.push(message));
    expect(await client.subscribe(topic)).toMatchObject({ ok: true });
    return messages;
  }

  const json = async (url: string) => (await fetch(url)).json();

  const messageOf = (checks: { name: string; message: string }[], name: string) =>
    checks.find((check) => check.name === name)?.message ?? "";

  test("serve the same messages under the same epoch and numbers, whichever of them took a message", async () => {
    const { url } = await redis();
    const [a, b] = [await service(url), await service(url)];
    expect((await a.stats()).server.epoch).toBe((await b.stats()).server.epoch);
    const [onA, onB] = [await follow(a, "room.1"), await follow(b, "room.1")];
    const publishers = [await a.client(), await b.client()];
    await Promise.all(Array.from({ length: 500 }, (_, n) => publishers[n % 2]?.publish("room.1", { n })));
    await until("both have all", () => onA.length === 500 && onB.length === 500);
    expect(onA).toEqual(onB);
    expect(onA.map(({ seq }) => seq)).toEqual(onA.map((_, index) => index + 1));
    expect((await b.stats()).cache).toMatchObject({ backend: "redis", entries: 1 });
  });

  test("refuse publishing while Redis is away, keep what they have, and go on with the same epoch after it", async () => {
    const server = await redis({ keepData: true });
    const [a, b] = [await service(server.url), await service(server.url)];
    const { epoch } = (await a.stats()).server;
    const onB = await follow(b, "room.1");
    const publisher = await a.client();
    expect(await publisher.publish("room.1", 1)).toMatchObject({ ok: true, seq: 1 });
    await until("it came", () => onB.length === 1);
    await server.kill();
    expect(await publisher.publish("room.1", "lost")).toMatchObject({ error: { code: "CACHE_UNAVAILABLE" } });
    expect(await follow(a, "room.1").then((m) => until("the last value", () => m[0]))).toMatchObject({
      seq: 1,
      data: 1,
    });
    await until("the trouble is told", async () => {
      const { status, checks } = await json(`${a.adminUrl}/health`);
      return status === "degraded" && /ECONNREFUSED/.test(messageOf(checks, "cache"));
    });
    await server.restart();
    await until("it is healthy again", async () => (await json(`${a.adminUrl}/health`)).status === "healthy");
    await until("b is, too", async () => (await json(`${b.adminUrl}/health`)).status === "healthy");
    expect(await publisher.publish("room.1", 2)).toMatchObject({ ok: true, seq: 2, epoch });
    await until("it came", () => onB.length === 2);
    expect(onB.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(a.logText()).toContain("redis down");
  });

  test("start without Redis and serve once it is there", async () => {
    const server = await redis();
    await server.kill();
    const a = await service(server.url);
    expect(await (await a.client()).publish("room.1", 1)).toMatchObject({
      error: { code: "CACHE_UNAVAILABLE" },
    });
    await server.restart();
    await until("it takes messages", async () => (await (await a.client()).publish("room.1", 1)).ok);
  });

  test.each([
    [
      "a wrong password",
      "NOAUTH|WRONGPASS",
      async (server: RedisServer) => server.url.replace(/:[^:@]*@/, ":wrong@"),
    ],
    ["no password", "NOAUTH", async (server: RedisServer) => `redis://127.0.0.1:${server.port}`],
  ])("with %s they say so and keep serving", async (_, reason, urlOf) => {
    const server = await redis({ password: "secret-word" });
    const a = await service(await urlOf(server));
    const { checks, status } = await json(`${a.adminUrl}/health`);
    expect(status).toBe("degraded");
    expect(messageOf(checks, "cache")).toMatch(new RegExp(reason));
    expect(a.logText()).not.toContain("secret-word");
  });

  test("a Redis out of memory, or one that became a replica, refuses publishing for as long as that lasts", async () => {
    const server = await redis();
    const a = await service(server.url);
    const onA = await follow(a, "room.1");
    const publisher = await a.client();
    await publisher.publish("room.1", 1);
    const admin = new Redis(server.url);
    ends.push(() => admin.disconnect());
    const troubles: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
      ["OOM", () => admin.config("SET", "maxmemory", "1"), () => admin.config("SET", "maxmemory", "0")],
      ["READONLY", () => admin.replicaof("127.0.0.1", "1"), () => admin.replicaof("NO", "ONE")],
    ];
    for (const [code, begin, end] of troubles) {
      await begin();
      expect(await publisher.publish("room.1", "refused")).toMatchObject({
        error: { code: "CACHE_UNAVAILABLE" },
      });
      await until(`${code} is told`, async () =>
        (await json(`${a.adminUrl}/health`)).checks.some(({ message }: { message: string }) =>
          message.includes(code),
        ),
      );
      await end();
      await until("it takes messages", async () => (await publisher.publish("room.1", code)).ok);
    }
    await until("all came", () => onA.length === 3);
    expect(onA.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 1],
      [2, "OOM"],
      [3, "READONLY"],
    ]);
  });

  test("a Redis that hangs is given up after its time, and nothing refused happens later", async () => {
    const server = await redis();
    const a = await service(server.url);
    const onA = await follow(a, "room.1");
    const publisher = await a.client();
    await publisher.publish("room.1", 1);
    server.pause();
    expect(await publisher.publish("room.1", "late")).toMatchObject({ error: { code: "CACHE_UNAVAILABLE" } });
    server.resume();
    await until("it takes messages", async () => (await publisher.publish("room.1", 2)).ok);
    await until("it came", () => onA.some(({ data }) => data === 2));
    expect(onA.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test("tell every client of a gap when Redis lost its data", async () => {
    const server = await redis();
    const [a, b] = [await service(server.url), await service(server.url)];
    const publisher = await a.client();
    await publisher.publish("room.1", 1);
    const client = await b.client();
    const frames: Record<string, unknown>[] = [];
    client.socket?.on("message", (data) => frames.push(JSON.parse(String(data))));
    await client.subscribe("room.1");
    const admin = new Redis(server.url);
    ends.push(() => admin.disconnect());
    await admin.flushall();
    const gap = await until("the gap is told", () => frames.find(({ op }) => op === "gap"));
    expect(gap).toMatchObject({ topic: "room.1", reason: "epoch_changed" });
    expect(await publisher.publish("room.1", 2)).toMatchObject({ seq: 1, epoch: gap.epoch });
    await until("it came", () => frames.at(-1)?.seq === 1 && frames.at(-1)?.data === 2);
  });
});
