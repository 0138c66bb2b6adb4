import { expect, test } from "vitest";
import { simulatedFeeds } from "./simulated";
import type { Feed } from "./source";

/** What a feed says before its first tick, each time that it is run. */
async function firstWords(feed: Feed): Promise<[topic: string, text: string][]> {
  const words: [string, string][] = [];
  const abort = new AbortController();
  const running = feed.run({
    signal: abort.signal,
    connected() {},
    publish: (topic, data) => words.push([topic, JSON.stringify(data)]) > 0,
    receive: () => true,
    error() {},
  });
  abort.abort();
  await running;
  return words;
}

async function firstValues(seed: number): Promise<Map<string, string>> {
  const words = await Promise.all(simulatedFeeds(seed, 100).map(firstWords));
  return new Map(words.flat());
}

test("the same seed gives the same values, another seed others", async () => {
  expect(await firstValues(7)).toEqual(await firstValues(7));
  expect(await firstValues(8)).not.toEqual(await firstValues(7));
});

test("some 200 topics of prices, sensors and events, each covered by one feed", async () => {
  const names = [...(await firstValues(1)).keys()];
  expect(names).toHaveLength(196);
  for (const prefix of ["ticker.", "trades.", "sensor.", "events."]) {
    expect(names.some((name) => name.startsWith(prefix))).toBe(true);
  }
  const feeds = simulatedFeeds(1, 100);
  for (const name of names) expect(feeds.filter((feed) => feed.covers(name))).toHaveLength(1);
  expect(feeds.some((feed) => feed.covers("ticker.NONE"))).toBe(false);
});

test("a restart goes on where it was", async () => {
  const orders = async (feed: Feed) =>
    JSON.parse((await firstWords(feed)).find(([topic]) => topic === "events.orders")?.[1] ?? "null");
  const feed = simulatedFeeds(1, 100).find(({ name }) => name === "events") as Feed;
  expect((await orders(feed)).number).toBe(1);
  expect((await orders(feed)).number).toBe(2);
});
