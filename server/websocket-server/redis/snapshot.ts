import type { Redis } from "ioredis";
import type { SharedKeys } from "./keys";
import { epochField } from "./scripts";

/** Everything that stands in Redis at one moment, but the feed. */
export interface Snapshot {
  epoch: string;
  /** Newest number of each topic. */
  numbers: Map<string, number>;
  /** Newest value of each topic, as it is kept. */
  values: Map<string, string>;
  /** Ids of the feed's oldest and newest entry at that moment; the oldest is empty when there is none. */
  first: string;
  last: string;
}

/** Throws when there is no epoch. */
export async function takeSnapshot(redis: Redis, keys: SharedKeys): Promise<Snapshot> {
  const answers = await redis
    .multi()
    .call("HGETALL", keys.numbers)
    .call("HGETALL", keys.values)
    .call("XINFO", "STREAM", keys.feed)
    .exec();
  const [numbersAnswer, valuesAnswer, feedAnswer] = answers ?? [];
  for (const answer of [numbersAnswer, valuesAnswer]) if (answer?.[0]) throw answer[0];
  const numbers = texts(numbersAnswer?.[1]);
  const epoch = numbers.get(epochField);
  if (epoch === undefined) throw new Error("Redis lost its data while it was read");
  numbers.delete(epochField);
  // A feed that does not exist yet answers an error.
  const feed = pairs(feedAnswer?.[1]);
  return {
    epoch,
    numbers: new Map([...numbers].map(([topic, seq]) => [topic, Number(seq)])),
    values: texts(valuesAnswer?.[1]),
    first: idOf(feed.get("first-entry")),
    last: String(feed.get("last-generated-id") ?? "0-0"),
  };
}

/** Redis' maps come as flat lists: names and values in turn. */
function pairs(answer: unknown): Map<string, unknown> {
  const map = new Map<string, unknown>();
  if (!Array.isArray(answer)) return map;
  for (let at = 0; at + 1 < answer.length; at += 2) map.set(String(answer[at]), answer[at + 1]);
  return map;
}

function texts(answer: unknown): Map<string, string> {
  return new Map([...pairs(answer)].map(([name, value]) => [name, String(value)]));
}

function idOf(entry: unknown): string {
  return Array.isArray(entry) ? String(entry[0]) : "";
}
