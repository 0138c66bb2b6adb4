import fc from "fast-check";
import { expect, test } from "vitest";
import { startTestService, until } from "../websocket-server/test-service";
import { WebsocketClient } from "./client";

const topics = ["a", "b", "room.a", "room.b"];
const wishes = [...topics, "*.a", "*"];
const who = fc.constantFrom(0, 1);

type Step =
  | { do: "publish"; topic: string; count: number }
  | { do: "subscribe" | "unsubscribe"; who: 0 | 1; wish: string }
  | { do: "disconnect" | "await"; who: 0 | 1 };

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("publish"), topic: fc.constantFrom(...topics), count: fc.nat(7) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("subscribe"), who, wish: fc.constantFrom(...wishes) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("unsubscribe"), who, wish: fc.constantFrom(...wishes) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("disconnect"), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("await"), who }) },
) as fc.Arbitrary<Step>;

/** A client that is away while `count` messages come: few enough to be recovered, or more than are kept. */
function lostFor(count: number): Step[] {
  const at = { who: 0 as const };
  const publish = (many: number): Step => ({ do: "publish", topic: "a", count: many });
  const seen: Step[] = [{ do: "subscribe", ...at, wish: "a" }, publish(1), { do: "await", ...at }];
  return [...seen, { do: "disconnect", ...at }, publish(count), { do: "await", ...at }];
}

/** A client whose every message is held against the one before, apart from the client's own reckoning. */
function watchedClient(url: string) {
  const client = new WebsocketClient({ url, backoff: { firstMs: 1, longestMs: 4 } });
  const at = new Map<string, number>();
  const faults: string[] = [];
  client.onMessage(({ topic, seq }) => {
    const before = at.get(topic);
    if (before !== undefined && seq !== before + 1) faults.push(`${topic}: ${seq} after ${before}`);
    at.set(topic, seq);
  });
  client.on("gap", ({ topic, fromSeq, toSeq, reason }) => {
    const before = at.get(topic);
    if (before !== undefined && fromSeq !== before + 1)
      faults.push(`${topic}: gap from ${fromSeq} after ${before}`);
    if (reason !== "history_too_short") faults.push(`${topic}: ${reason}`);
    at.set(topic, toSeq);
  });
  client.on("duplicate", (topic, seq) => faults.push(`${topic}: ${seq} again`));
  const forget = () => {
    for (const topic of at.keys()) if (client.seen(topic) === null) at.delete(topic);
  };
  return { client, at, faults, forget };
}

test("whatever comes in between, each view of a topic is contiguous or was told a gap", async () => {
  const service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "*",
    WEBSOCKET_HISTORY_MESSAGES: "5",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "10000",
  });
  const last = new Map<string, number>();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const clients = [watchedClient(service.websocketUrl), watchedClient(service.websocketUrl)];
        const wanted = clients.map(() => new Set<string>());
        await Promise.all(clients.map(({ client }) => client.connect()));
        const underWay: Promise<unknown>[] = [];
        for (const each of steps) {
          if (each.do === "publish") {
            for (let n = 0; n < each.count; n++) {
              service.publish(each.topic, n);
              last.set(each.topic, (last.get(each.topic) ?? 0) + 1);
            }
            continue;
          }
          const { client, forget } = clients[each.who] as (typeof clients)[number];
          const wishesOf = wanted[each.who] as Set<string>;
          if (each.do === "subscribe") {
            const subscribed = client.subscribe(each.wish).then(({ ok }) => ok && wishesOf.add(each.wish));
            underWay.push(subscribed.catch(() => {}));
          } else if (each.do === "unsubscribe") {
            await Promise.all(underWay.splice(0));
            await client.unsubscribe(each.wish).catch(() => {});
            wishesOf.delete(each.wish);
            forget();
          } else if (each.do === "disconnect") {
            client.socket?.terminate();
          } else {
            await until(() => client.request({ op: "ping" }).catch(() => null));
          }
        }
        await Promise.all(underWay);
        for (const [index, { client, at, faults }] of clients.entries()) {
          for (const wish of wanted[index] ?? []) {
            if (!topics.includes(wish) || !last.has(wish)) continue;
            await until(() => at.get(wish) === last.get(wish));
          }
          expect(faults).toEqual([]);
          await client.close();
        }
      }),
      { numRuns: 100, examples: [[lostFor(3)], [lostFor(9)]] },
    );
    expect(service.stats().subscriptions).toMatchObject({
      recovered_total: expect.toSatisfy((count: number) => count > 0),
      gaps_total: expect.toSatisfy((count: number) => count > 0),
    });
  } finally {
    await service.end();
  }
}, 60_000);
