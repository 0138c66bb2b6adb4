import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { datasourceStatusSchema } from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import type { RedisServer } from "../../testing/redis-server";
import { until } from "../../testing/until";
import type { DataMessage } from "../../websocket-client/client";
import type { TestService } from "../test-service";
import { sharedKeys } from "./keys";
import { testFleet } from "./test-fleet";

describeWith(["redis"], "two instances on one Redis", () => {
  const { ends, redis, service } = testFleet();

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

  test("a Redis out of memory for longer than a lease: sources stand by and come back, readers go on", async () => {
    const { url } = await redis();
    const env = { WEBSOCKET_SOURCES_SIMULATED_ENABLED: "true", WEBSOCKET_SOURCES_SIMULATED_RATE: "1000" };
    const [a, b] = [await service(url, env), await service(url, env)];
    const statesOf = async (on: TestService) => {
      const answer = await json(`${on.adminUrl}/admin/datasource-status`);
      return datasourceStatusSchema.parse(answer).datasources.map(({ state }) => state);
    };
    const states = async () => (await Promise.all([a, b].map(statesOf))).flat();
    /** As a sorted list: each source runs once and stands by once. */
    const eachRunsOnce = async () => {
      const [ofA = [], ofB = []] = await Promise.all([a, b].map(statesOf));
      return ofA.every((state, at) => [state, ofB[at]].sort().join() === "running,standby");
    };
    await until("each source runs once", eachRunsOnce);
    const topic = "ticker.BTC-USD";
    const views = await Promise.all([follow(a, topic), follow(b, topic)]);
    await until("they flow", () => views.every((view) => view.length > 5));

    const admin = new Redis(url);
    ends.push(() => admin.disconnect());
    await admin.config("SET", "maxmemory", "1");
    await until("all stand by", async () => (await states()).every((state) => state === "standby"));
    const leases = async () => (await admin.keys(sharedKeys("websocket").lease("*"))).length;
    await until("every lease is over", async () => (await leases()) === 0);
    const published = async () =>
      (await Promise.all([a, b].map((each) => each.stats())))
        .map(({ messages }) => messages.published_total)
        .reduce((sum, count) => sum + count);
    const before = await published();
    const { epoch } = (await a.stats()).server;
    for (const instance of [a, b]) {
      const reader = await instance.client();
      const got: DataMessage[] = [];
      reader.onMessage((message) => got.push(message));
      const since = { epoch, seq: (views[0]?.at(-1)?.seq ?? 0) - 3 };
      expect(await reader.subscribe(topic, since)).toMatchObject({ recovered: true, replayed: 3 });
      await until("what was missed came", () => got.length === 3);
      expect(instance.stats().connections.active_connections).toBe(2);
    }
    expect(await published()).toBe(before);

    await admin.config("SET", "maxmemory", "0");
    await until("each source runs once again", eachRunsOnce);
    const lengths = views.map((view) => view.length);
    await until("they flow again", () => views.every((view, at) => view.length > (lengths[at] ?? 0) + 5));
    for (const view of views)
      expect(view.map(({ seq }) => seq)).toEqual(view.map((_, at) => (view[0]?.seq ?? 0) + at));
    expect((await a.stats()).server.epoch).toBe(epoch);
  });

  test("a Redis that hangs is given up after its time, and nothing refused happens later", async () => {
    const server = await redis();
    const a = await service(server.url);
    const onA = await follow(a, "room.1");
    const publisher = await a.client();
    // More than once: what Redis fails to answer first is the message or one of the regular looks.
    for (const round of [1, 2, 3]) {
      server.pause();
      expect(await publisher.publish("room.1", "late")).toMatchObject({
        error: { code: "CACHE_UNAVAILABLE" },
      });
      server.resume();
      await until("it takes messages", async () => (await publisher.publish("room.1", round)).ok);
    }
    await until("all came", () => onA.some(({ data }) => data === 3));
    expect(onA.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
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
