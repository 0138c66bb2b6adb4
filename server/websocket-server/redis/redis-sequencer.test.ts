import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { describeWith } from "../../testing/describe-with";
import { type RedisServer, startRedis } from "../../testing/redis-server";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import type { SequencedMessage, TopicsNotice } from "../topics/sequencer";
import { sharedKeys } from "./keys";
import { RedisSequencer } from "./redis-sequencer";

const keys = sharedKeys("test");

interface Instance {
  sequencer: RedisSequencer;
  messages: SequencedMessage[];
  notices: TopicsNotice[];
}

describeWith(["redis"], "topics in Redis", () => {
  let server: RedisServer;
  let admin: Redis;
  const instances: Instance[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.end());
  beforeEach(async () => {
    admin = new Redis(server.url);
    await admin.flushall();
  });
  afterEach(async () => {
    await Promise.all(instances.splice(0).map(({ sequencer }) => sequencer.stop()));
    admin.disconnect();
  });

  async function start(options: Partial<{ feedLength: number; url: string }> = {}): Promise<Instance> {
    const sequencer = new RedisSequencer({
      url: server.url,
      prefix: "test",
      timeoutMs: 1_000,
      feedLength: 10_000,
      leaseMs: 1_000,
      logger: silentLogger(),
      ...options,
    });
    const instance: Instance = { sequencer, messages: [], notices: [] };
    instances.push(instance);
    await sequencer.start(
      (messages) => instance.messages.push(...messages),
      (notice) => instance.notices.push(notice),
    );
    return instance;
  }

  const places = ({ messages }: Instance) => messages.map(({ acceptedAtMs: _, ...place }) => place);

  test("gives every instance the same messages with the same numbers in the same order", async () => {
    const [a, b] = [await start(), await start()];
    expect(a.sequencer.epoch).toBe(b.sequencer.epoch);
    const published = await Promise.all(
      Array.from({ length: 2_000 }, (_, index) =>
        (index % 2 ? a : b).sequencer.publish(`topic.${index % 7}`, JSON.stringify({ index })),
      ),
    );
    await until("both have all", () => a.messages.length === 2_000 && b.messages.length === 2_000);
    expect(places(a)).toEqual(places(b));
    for (const name of new Set(a.messages.map(({ topic }) => topic))) {
      const seqs = a.messages.filter(({ topic }) => topic === name).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    for (const [index, place] of published.entries()) {
      const found = a.messages.find(({ data }) => data === JSON.stringify({ index }));
      expect({ epoch: found?.epoch, seq: found?.seq }).toEqual(place);
    }
  });

  test("an instance that starts gets the past, and goes on from it without a hole", async () => {
    const a = await start();
    let stop = false;
    const publishing = (async () => {
      for (let n = 1; !stop; n++) await a.sequencer.publish("busy", String(n));
    })();
    await until("some are published", () => a.messages.length > 50);
    const b = await start();
    await until(
      "more are published",
      () => b.messages.length > a.messages.length / 2 && a.messages.length > 200,
    );
    stop = true;
    await publishing;
    await until("both have all", () => b.messages.at(-1)?.seq === a.messages.at(-1)?.seq);
    expect(places(b)).toEqual(places(a));
    expect(b.messages[0]?.acceptedAtMs).toBeNull();
    expect(b.messages.at(-1)?.acceptedAtMs).toEqual(expect.any(Number));
  });

  test("an instance that starts gets values that the feed no longer holds", async () => {
    const a = await start({ feedLength: 100 });
    await admin.multi().hset(keys.numbers, "quiet", 1).hset(keys.values, "quiet", '1 1 "old"').exec();
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => a.sequencer.publish("busy", String(n))));
    const b = await start();
    const [oldest, ...newer] = b.messages;
    expect(oldest).toMatchObject({ topic: "quiet", seq: 1, data: '"old"', acceptedAtMs: null });
    expect(new Set(newer.map(({ topic }) => topic))).toEqual(new Set(["busy"]));
    expect(b.messages.filter(({ topic }) => topic === "busy").at(-1)?.seq).toBe(2_000);
  });

  test("data lost while running begins a new epoch on every instance", async () => {
    const [a, b] = [await start(), await start()];
    await a.sequencer.publish("x", "1");
    await until("both have it", () => b.messages.length === 1 && a.messages.length === 1);
    const before = a.sequencer.epoch;
    await admin.flushall();
    await until(
      "both have a new epoch",
      () => a.sequencer.epoch !== before && b.sequencer.epoch === a.sequencer.epoch,
    );
    expect(b.notices.at(-1)).toEqual({ kind: "epoch", epoch: a.sequencer.epoch });
    await a.sequencer.publish("x", "2");
    await until("both have it", () => b.messages.length === 2 && a.messages.length === 2);
    expect(b.messages.at(-1)).toMatchObject({ epoch: a.sequencer.epoch, seq: 1, data: "2" });
  });

  test("data lost and published over at once is not taken for the old epoch's", async () => {
    const [a, b] = [await start(), await start()];
    for (let n = 1; n <= 5; n++) await a.sequencer.publish("x", String(n));
    const before = a.sequencer.epoch;
    await admin.flushall();
    const place = await a.sequencer.publish("x", '"new"');
    expect(place.epoch).not.toBe(before);
    await until("both have it", () => [a, b].every(({ messages }) => messages.at(-1)?.data === '"new"'));
    for (const { messages } of [a, b]) {
      expect(messages.filter(({ epoch }) => epoch === place.epoch).map(({ seq }) => seq)).toEqual([1]);
    }
  });

  test("numbers that went back begin a new epoch, whoever sees it first", async () => {
    const [a, b] = [await start(), await start()];
    for (let n = 1; n <= 5; n++) await a.sequencer.publish("x", String(n));
    await until("both have all", () => [a, b].every(({ messages }) => messages.length === 5));
    const before = a.sequencer.epoch;
    await admin.hset(keys.numbers, "x", 2);
    await b.sequencer.publish("x", '"again"');
    await until(
      "both have a new epoch",
      () => a.sequencer.epoch !== before && b.sequencer.epoch === a.sequencer.epoch,
    );
    await until("both have the value", () =>
      [a, b].every(({ messages }) => messages.at(-1)?.data === '"again"'),
    );
    expect(a.messages.at(-1)).toMatchObject({ epoch: a.sequencer.epoch, seq: 3 });
    expect((await b.sequencer.publish("x", "0")).seq).toBe(4);
  });

  test("a feed that was cut before it was read leaves a hole and every newest value", async () => {
    const a = await start({ feedLength: 100 });
    const b = await start({ feedLength: 100 });
    await a.sequencer.publish("x", "1");
    await until("b has it", () => b.messages.length === 1);
    // More than the feed kept was published meanwhile, and on another topic only what is gone from it.
    await admin
      .multi()
      .hset(keys.numbers, "x", 6, "rare", 1)
      .hset(keys.values, "x", "6 1 6", "rare", "1 1 true")
      .xadd(keys.feed, "*", "h", `6 1 ${a.sequencer.epoch} someone 1`, "t", "x", "d", "6")
      .exec();
    await until("both have all", () =>
      [a, b].every(
        ({ messages }) =>
          messages.some(({ topic }) => topic === "rare") && messages.some(({ seq }) => seq === 6),
      ),
    );
    expect(b.messages.filter(({ topic }) => topic === "x").map(({ seq }) => seq)).toEqual([1, 6]);
    const c = await start();
    expect(c.messages.filter(({ topic }) => topic === "x").map(({ seq }) => seq)).toEqual([6]);
    expect(c.sequencer.epoch).toBe(a.sequencer.epoch);
  });

  test("what is forgotten is forgotten everywhere, unless it is newer by then; numbers go on", async () => {
    const [a, b] = [await start(), await start()];
    for (const topic of ["x", "y"]) await a.sequencer.publish(topic, "1");
    await a.sequencer.publish("y", "2");
    await b.sequencer.forget([
      { topic: "x", seq: 1 },
      { topic: "y", seq: 1 },
    ]);
    await until("both know", () =>
      [a, b].every(({ notices }) => notices.some(({ kind }) => kind === "forget")),
    );
    expect(a.notices.at(-1)).toEqual({ kind: "forget", topics: ["x"] });
    expect(await admin.hkeys(keys.values)).toEqual(["y"]);
    await b.sequencer.forget(null);
    await until("both know", () =>
      [a, b].every(
        ({ notices }) =>
          notices.at(-1)?.kind === "forget" && notices.filter(({ kind }) => kind === "forget").length === 2,
      ),
    );
    expect(a.notices.at(-1)).toEqual({ kind: "forget", topics: null });
    expect(await admin.exists(keys.values)).toBe(0);
    expect((await a.sequencer.publish("x", "3")).seq).toBe(2);
    // Who starts now replays the feed and ends up with the same.
    const c = await start();
    expect(c.notices.filter(({ kind }) => kind === "forget")).toHaveLength(2);
    await until("c has all", () => c.messages.at(-1)?.seq === 2);
  });

  test("nothing that was acknowledged is lost when a Redis that keeps its data is killed", async () => {
    const keeping = await startRedis({ keepData: true });
    try {
      const a = await start({ url: keeping.url });
      const b = await start({ url: keeping.url });
      const { epoch } = a.sequencer;
      const acknowledged: { data: string; seq: number }[] = [];
      let refused = 0;
      const publish = (n: number) =>
        a.sequencer.publish("x", String(n)).then(
          ({ seq }) => acknowledged.push({ data: String(n), seq }),
          () => refused++,
        );
      let n = 0;
      for (let round = 1; round <= 2; round++) {
        const target = acknowledged.length + 500;
        const killed = until("enough are acknowledged", () => acknowledged.length >= target).then(() =>
          keeping.kill(),
        );
        const refusedBefore = refused;
        while (refused === refusedBefore) {
          for (let i = 0; i < 20; i++) void publish(n++);
          await new Promise(setImmediate);
        }
        await killed;
        await keeping.restart();
        await until("it takes messages", () => a.sequencer.state.state === "ready");
      }
      const last = await a.sequencer.publish("x", '"last"');
      await until("both have all", () => [a, b].every(({ messages }) => messages.at(-1)?.seq === last.seq));
      expect(a.sequencer.epoch).toBe(epoch);
      expect(refused).toBeGreaterThan(0);
      expect(places(a)).toEqual(places(b));
      const bySeq = new Map(a.messages.map(({ seq, data }) => [seq, data]));
      expect(acknowledged.filter(({ seq, data }) => bySeq.get(seq) !== data)).toEqual([]);
      expect(a.messages.map(({ seq }) => seq)).toEqual(a.messages.map((_, index) => index + 1));
    } finally {
      await Promise.all(instances.splice(0).map(({ sequencer }) => sequencer.stop()));
      await keeping.end();
    }
  });

  test("an instance that lost its connection catches up by itself", async () => {
    const [a, b] = [await start(), await start()];
    await a.sequencer.publish("x", "1");
    await until("b has it", () => b.messages.length === 1);
    await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await until("messages are taken again", async () =>
      a.sequencer.publish("x", "2").then(
        () => true,
        () => false,
      ),
    );
    await until("both have all", () => [a, b].every(({ messages }) => messages.at(-1)?.data === "2"));
    expect(places(b)).toEqual(places(a));
    expect(b.notices.filter(({ kind }) => kind === "epoch")).toHaveLength(1);
    expect((await b.sequencer.figures()).reconnects_total).toBe(1);
  });

  test("what others wrote to its keys does no harm", async () => {
    const a = await start();
    await admin.xadd(keys.feed, "*", "h", "nonsense", "t", "x", "d", "1");
    await admin.xadd(keys.feed, "*", "forget", "{");
    await admin.xadd(keys.feed, "*", "__proto__", "x");
    await admin.hset(keys.values, "broken", "no value", "__proto__", "1 1 {}");
    await a.sequencer.publish("x", "1");
    await until("it came", () => a.messages.length === 1);
    const b = await start();
    await until("it came", () => b.messages.some(({ topic }) => topic === "x"));
    expect(b.messages.map(({ topic }) => topic)).not.toContain("broken");
  });
});
