import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { healthSchema } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import { describeWith } from "../../testing/describe-with";
import { type RedisServer, startRedis } from "../../testing/redis-server";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { redisFeed } from "./redis";
import { RedisPositionHash } from "./redis-position-hash";
import { Sources } from "./sources";
import { type Received, receive, sourceStatus, startFedService } from "./test-fed-service";

interface Instance {
  sources: Sources;
  got: unknown[];
  own(owner: boolean): void;
  state(): string | undefined;
}

let redis: RedisServer;
let control: Redis;
const ends: (() => unknown)[] = [];

/** The newest connection of the test itself; the server's death ends it. */
function connect(url = redis.url): Redis {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on("error", () => {});
  ends.push(() => client.disconnect());
  return client;
}

async function start(env: Record<string, string>) {
  const service = await startFedService({ WEBSOCKET_SOURCES_REDIS_URL: redis.url, ...env });
  ends.push(() => service.end());
  const status = () => sourceStatus(service, "redis");
  const running = () => until("the source runs", async () => (await status()).state === "running");
  const follow = async (...topics: string[]): Promise<Received> => receive(service, topics);
  return { service, status, running, follow };
}

describeWith(["redis"], "redis", () => {
  beforeEach(async () => {
    redis = await startRedis({ keepData: true });
    ends.push(() => redis.end());
    control = connect();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  test("channels, patterns and streams reach WebSocket clients, each message once", async () => {
    const { running, follow } = await start({
      WEBSOCKET_SOURCES_REDIS_CHANNELS: "news,news*,n?ws.[ab]",
      WEBSOCKET_SOURCES_REDIS_STREAMS: "trades",
      WEBSOCKET_SOURCES_REDIS_PREFIX: "eu.",
    });
    await running();
    const received = await follow("eu.news", "eu.news.a", "eu.trades");
    await control.publish("news", '{"n":1}');
    await control.publish("news.a", "[2]");
    await control.xadd("trades", "*", "data", '{"price":3}');
    await control.xadd("trades", "*", "price", "4", "side", "buy");
    await received.has(4);
    await control.publish("news", '"last"');
    await received.has(5);
    expect(received.of("eu.news")).toEqual([{ n: 1 }, "last"]);
    expect(received.of("eu.news.a")).toEqual([[2]]);
    expect(received.of("eu.trades")).toEqual([{ price: 3 }, { price: "4", side: "buy" }]);
  });

  test("text payloads stay as they are", async () => {
    const { running, follow } = await start({
      WEBSOCKET_SOURCES_REDIS_CHANNELS: "a",
      WEBSOCKET_SOURCES_REDIS_PAYLOAD: "text",
    });
    await running();
    const received = await follow("a");
    await control.publish("a", '{"not": parsed');
    await received.has(1);
    expect(received.of("a")).toEqual(['{"not": parsed']);
  });

  test("a topic that no channel, pattern or stream feeds is unknown", async () => {
    const { service } = await start({ WEBSOCKET_SOURCES_REDIS_CHANNELS: "a,b.*" });
    const client = await service.client();
    expect(await client.subscribe("b.c")).toMatchObject({ ok: true });
    expect(await client.subscribe("c")).toMatchObject({ error: { code: "UNKNOWN_TOPIC" } });
  });

  test("killed and started again, it is back by itself; what was sent to channels then and to streams meanwhile arrives", async () => {
    const { running, status, follow } = await start({
      WEBSOCKET_SOURCES_REDIS_CHANNELS: "news",
      WEBSOCKET_SOURCES_REDIS_STREAMS: "trades",
    });
    await running();
    const received = await follow("news", "trades");
    await control.xadd("trades", "*", "data", "1");
    await received.has(1);
    await redis.kill();
    await until("it noticed", async () => ["backoff", "connecting"].includes((await status()).state));
    expect((await status()).last_error).toMatch(/closed the connection|ECONNREFUSED|ECONNRESET/);
    await redis.restart();
    const after = connect();
    await after.xadd("trades", "*", "data", "2");
    await after.xadd("trades", "*", "data", "3");
    await running();
    for (let n = 0; n < 50; n++) await after.publish("news", String(n));
    await after.xadd("trades", "*", "data", "4");
    await received.has(54);
    expect(received.of("trades")).toEqual([1, 2, 3, 4]);
    expect(received.of("news")).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect((await status()).reconnects_total).toBeGreaterThanOrEqual(1);
  });

  test("a restart of the service goes on in a stream where it was, not before and not after", async () => {
    const env = { WEBSOCKET_SOURCES_REDIS_STREAMS: "trades" };
    for (const [name, more] of [
      ["file", {}],
      ["hash", { WEBSOCKET_SOURCES_REDIS_POSITION_KEY: "positions" }],
    ] as const) {
      const first = await start({ ...env, ...more });
      await first.running();
      const before = await first.follow("trades");
      await control.xadd("trades", "*", "data", '"seen"');
      await before.has(1);
      await first.service.stop();
      await control.xadd("trades", "*", "data", '"missed"');
      const second = await start({ ...env, ...more, WEBSOCKET_DATA_DIR: first.service.folder });
      const after = await second.follow("trades");
      await after.has(1);
      await control.xadd("trades", "*", "data", '"new"');
      await after.has(2);
      expect([name, after.of("trades")]).toEqual([name, ["missed", "new"]]);
      await second.service.stop();
    }
  });

  test("a stream is read from its oldest entry when asked for, and again when it was made anew", async () => {
    await control.xadd("trades", "9999999999999-0", "data", "1");
    const { running, status, follow, service } = await start({
      WEBSOCKET_SOURCES_REDIS_STREAMS: "trades",
      WEBSOCKET_SOURCES_REDIS_STREAM_FROM: "oldest",
    });
    await running();
    const received = await follow("trades");
    await received.has(1);
    await control.del("trades");
    await control.xadd("trades", "5-1", "data", "2");
    await fetch(`${service.adminUrl}/admin/datasources/redis/restart`, { method: "POST" });
    await received.has(2);
    expect(received.of("trades")).toEqual([1, 2]);
    expect((await status()).last_error).toMatch(/trades was made anew/);
  });

  test.each([
    ["channels", { WEBSOCKET_SOURCES_REDIS_CHANNELS: "news" }],
    ["streams", { WEBSOCKET_SOURCES_REDIS_STREAMS: "news" }],
  ])(
    "a server that stops without a word is noticed by %s, which are back when it goes on",
    async (kind, env) => {
      const { running, status, follow } = await start({ ...env, WEBSOCKET_SOURCES_TIMEOUT: "0.4" });
      await running();
      redis.pause();
      await until("it noticed", async () => ["backoff", "connecting"].includes((await status()).state));
      expect((await status()).last_error).toMatch(/no answer within/);
      redis.resume();
      await running();
      const received = await follow("news");
      await (kind === "channels" ? control.publish("news", "1") : control.xadd("news", "*", "data", "1"));
      await received.has(1);
    },
  );

  test("payloads that can't be used are counted and stop nothing", async () => {
    const { running, status, follow } = await start({
      WEBSOCKET_SOURCES_REDIS_CHANNELS: "*",
      WEBSOCKET_SOURCES_REDIS_STREAMS: "trades",
      WEBSOCKET_SOURCES_MAX_BYTES: "64",
    });
    await running();
    const received = await follow("a", "trades");
    await control.publish("a", "{broken");
    await control.publish("a", JSON.stringify("x".repeat(100)));
    await control.publish("no topic\u0000", "1");
    await control.xadd("trades", "*", "data", "");
    await control.publish("a", '"fine"');
    await control.xadd("trades", "*", "data", '"fine"');
    await received.has(2);
    expect(await status()).toMatchObject({ state: "running", errors_total: 4, messages_total: 2 });
    expect((await status()).last_error).toMatch(/^bad (payload|topic name)/);
  });

  test("an instance that takes the source over goes on where the other stopped", async () => {
    const [one, other] = ["one", "other"].map((name) => {
      const feed = redisFeed({
        url: redis.url,
        channels: [],
        streams: ["trades"],
        prefix: "",
        format: "json",
        field: "data",
        from: "newest",
        timeoutMs: 5_000,
        kept: new RedisPositionHash("positions", 5_000),
      });
      const lease = { owner: name === "one", changed: () => {} };
      const options = { logger: silentLogger(), retryLongestMs: 100, maxBytes: 1_024 };
      const sources = new Sources([feed], {
        ...options,
        lease: {
          own: () => lease.owner,
          onChange: (listener) => {
            lease.changed = listener;
          },
        },
      });
      ends.push(() => sources.stop());
      const got: unknown[] = [];
      const own = (owner: boolean) => {
        lease.owner = owner;
        lease.changed();
      };
      const state = () => sources.statuses(Date.now())[0]?.state;
      return { sources, got, own, state };
    }) as [Instance, Instance];
    for (const { sources, got } of [one, other]) await sources.start((_, data) => got.push(data));
    await until("one runs", () => one.state() === "running");
    for (let n = 0; n < 100; n++) await control.xadd("trades", "*", "data", String(n));
    await until("all arrived", () => one.got.length === 100);
    one.own(false);
    await until("one stands by", () => one.state() === "standby");
    for (let n = 100; n < 200; n++) await control.xadd("trades", "*", "data", String(n));
    other.own(true);
    await until("the rest arrived", () => other.got.includes(199));
    one.own(true);
    other.own(false);
    await control.xadd("trades", "*", "data", "200");
    await until("the first has it again", () => one.got.includes(200));
    const all = [...one.got.slice(0, 100), ...other.got, ...one.got.slice(100)];
    expect(new Set(all)).toEqual(new Set(Array.from({ length: 201 }, (_, n) => n)));
  });

  test("what the topics could not take is read again, in order and without a hole", async () => {
    const feed = redisFeed({
      url: redis.url,
      channels: [],
      streams: ["trades"],
      prefix: "",
      format: "json",
      field: "data",
      from: "oldest",
      timeoutMs: 5_000,
      kept: new RedisPositionHash("positions", 5_000),
    });
    const sources = new Sources([feed], { logger: silentLogger(), retryLongestMs: 50, maxBytes: 1_024 });
    ends.push(() => sources.stop());
    for (let n = 0; n < 20; n++) await control.xadd("trades", "*", "data", String(n));
    const got: unknown[] = [];
    let attempts = 0;
    await sources.start(async (_, data) => {
      if (data === 7) attempts++;
      if (Number(data) >= 7 && attempts <= 3) throw new CodedError("CACHE_UNAVAILABLE", "no place now");
      got.push(data);
    });
    await until("all arrived", () => got.length === 20);
    expect(got).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(sources.statuses(Date.now())[0]?.reconnects_total).toBe(3);
  });

  test("with nothing to follow it says so", async () => {
    const { status } = await start({});
    await until("it failed", async () => (await status()).state === "failed");
    expect((await status()).last_error).toMatch(/both empty/);
  });

  test("a key that is no stream is refused", async () => {
    await control.set("trades", "text");
    const { status } = await start({ WEBSOCKET_SOURCES_REDIS_STREAMS: "trades" });
    await until("it failed", async () => (await status()).state === "failed");
    expect((await status()).last_error).toMatch(/WRONGTYPE/);
  });
});

describeWith(["redis"], "redis that refuses", () => {
  let locked: RedisServer;
  beforeEach(async () => {
    locked = await startRedis({ password: "right horse" });
    ends.push(() => locked.end());
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  test.each([
    [
      "a wrong password",
      (url: string) => url.replace(":right%20horse@", ":wrong%20horse@"),
      "failed",
      /WRONGPASS/,
    ],
    ["no password", (url: string) => url.replace(":right%20horse@", ""), "failed", /NOAUTH/],
    ["a wrong user", (url: string) => url.replace("//:", "//ada:"), "failed", /WRONGPASS/],
    ["a wrong database", (url: string) => url.replace("/0", "/4711"), "failed", /DB index/],
    ["a closed port", () => "redis://:wrong%20horse@127.0.0.1:1/0", "backoff", /ECONNREFUSED/],
    ["an unknown host", () => "redis://:wrong%20horse@nobody.invalid/0", "backoff", /ENOTFOUND|EAI_AGAIN/],
  ] as const)("%s is told honestly and without the password", async (_name, urlOf, state, text) => {
    const service = await startFedService({
      WEBSOCKET_SOURCES_REDIS_URL: urlOf(locked.url),
      WEBSOCKET_SOURCES_REDIS_CHANNELS: "a",
      WEBSOCKET_SOURCES_REDIS_STREAMS: "b",
    });
    ends.push(() => service.end());
    const status = () => sourceStatus(service, "redis");
    await until("it says so", async () => (await status()).state === state);
    const told = await status();
    expect(told.last_error).toMatch(text);
    expect(told.down_since_at_ms).not.toBeNull();
    if (state === "failed") {
      const health = healthSchema.parse(await (await fetch(`${service.adminUrl}/health`)).json());
      const check = health.checks.find(({ name }) => name === "datasources");
      expect(check).toMatchObject({ status: "warn", message: expect.stringContaining("redis") });
    }
    const restart = await fetch(`${service.adminUrl}/admin/datasources/redis/restart`, { method: "POST" });
    expect(await restart.json()).toMatchObject({ name: "redis", state });
    const everything = JSON.stringify([told, service.stats()]) + service.logText();
    expect(everything).not.toMatch(/horse/);
  });

  test("a password that becomes right is found out without anyone asking", async () => {
    const service = await startFedService({
      WEBSOCKET_SOURCES_REDIS_URL: locked.url.replace("right", "new"),
      WEBSOCKET_SOURCES_REDIS_CHANNELS: "a",
    });
    ends.push(() => service.end());
    const stateIs = (state: string) => async () => (await sourceStatus(service, "redis")).state === state;
    await until("it failed", stateIs("failed"));
    await connect(locked.url).config("SET", "requirepass", "new horse");
    await until("it runs", stateIs("running"));
  });
});
