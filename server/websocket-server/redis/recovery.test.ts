import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { cacheSchema } from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import { RawWebsocket } from "../../testing/raw-websocket";
import { until } from "../../testing/until";
import type { TestService } from "../test-service";
import { sharedKeys } from "./keys";
import { testFleet } from "./test-fleet";

const keys = sharedKeys("websocket");

describeWith(["redis"], "a client that comes with its last number to another instance", () => {
  const fleet = testFleet();

  /** Subscribes without the project's client; answers everything that came behind the welcome. */
  async function come(to: TestService, since: { epoch: string; seq: number }, topic = "room.1") {
    const client = await RawWebsocket.open(to.websocketPort);
    fleet.ends.push(() => client.end());
    client.sendText(JSON.stringify({ id: 1, op: "subscribe", topic, since }));
    client.sendText(JSON.stringify({ id: 2, op: "ping" }));
    const [, ...messages] = await until(
      "both are answered",
      () =>
        client.messages.some(({ id }) => id === 1) &&
        client.messages.some(({ id }) => id === 2) &&
        client.messages,
    );
    return { client, messages: messages.filter(({ id }) => id !== 2) };
  }

  async function publish(on: TestService, count: number, topic = "room.1"): Promise<string> {
    const client = await on.client();
    const answers = await Promise.all(Array.from({ length: count }, (_, n) => client.publish(topic, n + 1)));
    expect(answers.filter(({ ok }) => ok !== true)).toEqual([]);
    return String(answers[0]?.epoch);
  }

  const seqs = (messages: Record<string, unknown>[]) =>
    messages.flatMap(({ seq, data }) => (data === undefined ? [] : [seq]));
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
  const recovery = async (of: TestService) => {
    const { recovered_total, gaps_total } = (await of.stats()).subscriptions;
    return { recovered_total, gaps_total };
  };
  const cacheOf = async (of: TestService) =>
    cacheSchema.parse(await (await fetch(`${of.adminUrl}/admin/cache`)).json());

  test("gets what it missed from one that began after it was published, when no other is left", async () => {
    const { url } = await fleet.redis();
    const a = await fleet.service(url);
    const epoch = await publish(a, 60);
    await a.stop();
    const b = await fleet.service(url);
    const { messages } = await come(b, { epoch, seq: 20 });
    expect(messages[0]).toMatchObject({ id: 1, ok: true, epoch, seq: 60, recovered: true, replayed: 40 });
    expect(seqs(messages)).toEqual(range(21, 60));
    expect(messages.slice(1).map(({ data }) => data)).toEqual(range(21, 60));
    expect(await recovery(b)).toEqual({ recovered_total: 1, gaps_total: 0 });
    expect((await b.stats()).latency.push.counts.reduce((sum, count) => sum + count)).toBe(0);
  });

  test("is told of a gap for what a fresh instance's own limits don't keep", async () => {
    const { url } = await fleet.redis();
    const a = await fleet.service(url);
    const epoch = await publish(a, 60);
    const b = await fleet.service(url, { WEBSOCKET_HISTORY_MESSAGES: "10" });
    expect(await cacheOf(b)).toMatchObject({ history_messages: 10 });
    const { messages } = await come(b, { epoch, seq: 20 });
    expect(messages).toMatchObject([
      { id: 1, recovered: false },
      { op: "gap", epoch, from_seq: 21, to_seq: 59, reason: "history_too_short" },
      { seq: 60 },
    ]);
    expect(seqs((await come(b, { epoch, seq: 50 })).messages)).toEqual(range(51, 60));
    expect(await recovery(b)).toEqual({ recovered_total: 1, gaps_total: 1 });
  });

  test("gets nothing that is older than history.seconds, however new the instance", async () => {
    const { url } = await fleet.redis();
    const a = await fleet.service(url);
    const { epoch } = (await a.stats()).server;
    await a.stop();
    const admin = new Redis(url);
    fleet.ends.push(() => admin.disconnect());
    const longAgo = Date.now() - 301_000;
    for (const seq of [1, 2, 3]) {
      const head = `${seq} ${longAgo}`;
      await admin
        .multi()
        .hset(keys.numbers, "room.1", seq)
        .hset(keys.values, "room.1", `${head} ${seq}`)
        .xadd(keys.feed, "*", "h", `${head} ${epoch} someone ${seq}`, "t", "room.1", "d", String(seq))
        .exec();
    }
    const b = await fleet.service(url);
    expect(await cacheOf(b)).toMatchObject({ entries: 1, history_messages: 0, history_bytes: 0 });
    expect((await come(b, { epoch, seq: 1 })).messages).toMatchObject([
      { id: 1, recovered: false },
      { op: "gap", from_seq: 2, to_seq: 2, reason: "history_too_short" },
      { seq: 3 },
    ]);
  });

  test("is told of a gap for what the feed no longer holds, and gets what it holds", async () => {
    const { url } = await fleet.redis();
    const a = await fleet.service(url, { WEBSOCKET_REDIS_FEED_MESSAGES: "100" });
    const quiet = await publish(a, 1, "room.quiet");
    const epoch = await publish(a, 900);
    expect(quiet).toBe(epoch);
    const b = await fleet.service(url, { WEBSOCKET_HISTORY_MESSAGES: "1000" });
    const kept = (await cacheOf(b)).history_messages - 1;
    expect(kept).toBeGreaterThanOrEqual(100);
    expect(kept).toBeLessThan(500);
    expect((await come(b, { epoch, seq: 1 })).messages).toMatchObject([
      { id: 1, recovered: false },
      { op: "gap", from_seq: 2, to_seq: 899, reason: "history_too_short" },
      { seq: 900 },
    ]);
    const oldest = 900 - kept + 1;
    expect(seqs((await come(b, { epoch, seq: oldest - 1 })).messages)).toEqual(range(oldest, 900));
    expect((await come(b, { epoch, seq: oldest - 2 })).messages[1]).toMatchObject({ op: "gap" });
    const ofQuiet = await come(b, { epoch, seq: 0 }, "room.quiet");
    expect(ofQuiet.messages).toMatchObject([{ recovered: true, replayed: 1 }, { seq: 1 }]);
    expect(await recovery(b)).toEqual({ recovered_total: 2, gaps_total: 2 });
  });

  test("is told of a gap after a flush on any instance, unless it missed nothing; numbers go on", async () => {
    const { url } = await fleet.redis();
    const [a, b] = [await fleet.service(url), await fleet.service(url)];
    const epoch = await publish(a, 10);
    await until("b has all", async () => (await cacheOf(b)).history_messages === 10);
    await fetch(`${a.adminUrl}/admin/cache/flush`, { method: "POST" });
    await until("b knows", async () => (await cacheOf(b)).history_messages === 0);
    // Begins when nothing but the number is left.
    const admin = new Redis(url);
    fleet.ends.push(() => admin.disconnect());
    await admin.xtrim(keys.feed, "MAXLEN", 0);
    const c = await fleet.service(url);
    for (const instance of [b, c]) {
      const behind = await come(instance, { epoch, seq: 5 });
      expect(behind.messages).toMatchObject([
        { id: 1, epoch, seq: 10, recovered: false },
        { op: "gap", epoch, from_seq: 6, to_seq: 10, reason: "history_too_short" },
      ]);
      const upToDate = await come(instance, { epoch, seq: 10 });
      expect(upToDate.messages).toEqual([
        { id: 1, ok: true, topic: "room.1", epoch, seq: 10, recovered: true, replayed: 0 },
      ]);
      expect(await recovery(instance)).toEqual({ recovered_total: 1, gaps_total: 1 });
    }
    const { client } = await come(c, { epoch, seq: 10 });
    await publish(a, 2);
    await until("both came", () => seqs(client.messages).length === 2);
    expect(client.messages.slice(2).filter(({ id }) => id === undefined)).toMatchObject([
      { seq: 11 },
      { seq: 12 },
    ]);
    expect((await recovery(c)).gaps_total).toBe(1);
    expect(seqs((await come(b, { epoch, seq: 10 })).messages)).toEqual([11, 12]);
  });

  test("is told that the epoch changed when Redis lost everything, whichever instance it comes to", async () => {
    const { url } = await fleet.redis();
    const [a, b] = [await fleet.service(url), await fleet.service(url)];
    const before = await publish(a, 10);
    const admin = new Redis(url);
    fleet.ends.push(() => admin.disconnect());
    await admin.flushall();
    const epoch = await until("both have the next epoch", async () => {
      const [ofA, ofB] = [(await a.stats()).server.epoch, (await b.stats()).server.epoch];
      return ofA === ofB && ofA !== before && ofA;
    });
    await publish(b, 3);
    const c = await fleet.service(url);
    for (const instance of [a, b, c]) {
      await until("it has all", async () => (await cacheOf(instance)).history_messages === 3);
      const { messages } = await come(instance, { epoch: before, seq: 2 });
      expect(messages).toMatchObject([
        { id: 1, epoch, recovered: false },
        { op: "gap", epoch, from_seq: 1, to_seq: 2, reason: "epoch_changed" },
        { seq: 3 },
      ]);
      expect(await recovery(instance)).toEqual({ recovered_total: 0, gaps_total: 1 });
      expect((await come(instance, { epoch, seq: 1 })).messages[0]).toMatchObject({ replayed: 2 });
    }
  });

  test("is waited for by an instance that is a moment behind, and told of no gap", async () => {
    const { url } = await fleet.redis();
    const a = await fleet.service(url);
    const epoch = await publish(a, 3);
    const client = await RawWebsocket.open(a.websocketPort);
    fleet.ends.push(() => client.end());
    // As seen at another instance that was faster.
    const since = { epoch, seq: 5 };
    client.sendText(JSON.stringify({ id: 1, op: "subscribe", topic: "room.1", since }));
    await publish(a, 3);
    await until("it is answered", () => client.messages.some(({ id }) => id === 1));
    expect(client.messages.slice(1)).toMatchObject([{ id: 1, recovered: true, replayed: 1 }, { seq: 6 }]);
    expect(await recovery(a)).toEqual({ recovered_total: 1, gaps_total: 0 });
    // What is asked next about the topic ends the wait and keeps its order.
    const again = { op: "subscribe", topic: "room.2", since: { epoch, seq: 1 } };
    client.sendText(JSON.stringify({ id: 2, ...again }));
    client.sendText(JSON.stringify({ id: 3, op: "unsubscribe", topic: "room.2" }));
    await until("both are answered", () => client.messages.some(({ id }) => id === 3));
    expect(client.messages.slice(3)).toMatchObject([{ id: 2 }, { op: "gap", reason: "ahead" }, { id: 3 }]);
    expect((await a.stats()).subscriptions.active_subscriptions).toBe(1);
  });

  test("histories are counted the same on every instance, and published messages where they were accepted", async () => {
    const { url } = await fleet.redis();
    const [a, b] = [await fleet.service(url), await fleet.service(url)];
    await Promise.all([publish(a, 30), publish(b, 12, "room.2")]);
    for (let n = 0; n < 5; n++) a.publish("room.3", n);
    const reader = await RawWebsocket.open(b.websocketPort);
    fleet.ends.push(() => reader.end());
    for (const instance of [a, b])
      await until("it has all", async () => (await cacheOf(instance)).history_messages === 47);
    for (const [id, topic] of ["room.1", "room.2", "room.3"].entries()) {
      const since = { epoch: (await a.stats()).server.epoch, seq: 0 };
      reader.sendText(JSON.stringify({ id, op: "subscribe", topic, since }));
    }
    await until(
      "all are replayed",
      () => reader.messages.filter(({ data }) => data !== undefined).length === 47,
    );
    // A frame of the server has two bytes before a short payload.
    const bytes = reader.frames
      .filter(({ payload }) => payload.includes('"data":'))
      .reduce((sum, { payload }) => sum + payload.length + 2, 0);
    const c = await fleet.service(url);
    for (const instance of [a, b, c]) {
      expect(await cacheOf(instance)).toMatchObject({ history_messages: 47, history_bytes: bytes });
    }
    const published = async (of: TestService) => (await of.stats()).messages.published_total;
    expect(await Promise.all([a, b, c].map(published))).toEqual([35, 12, 0]);
    const metrics = await (await fetch(`${a.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^websocket_messages_published_total 35$/m);
    const refused = await (await a.client()).publish("elsewhere", 1);
    expect(refused).toMatchObject({ error: { code: "PUBLISH_NOT_ALLOWED" } });
    expect(await published(a)).toBe(35);
  });
});
