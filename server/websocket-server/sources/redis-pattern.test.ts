import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { describeWith } from "../../testing/describe-with";
import { startRedis } from "../../testing/redis-server";
import { isRedisPattern, matchesRedisPattern } from "./redis-pattern";

const patterns = [
  "*",
  "a*",
  "*a",
  "a?c",
  "[ab]c",
  "[^ab]c",
  "[a-c]*x",
  "[c-a]",
  "a\\*b",
  "[\\]]x",
  "*.*.*",
  "a**b",
  "[ab",
];
const names = [
  "",
  "a",
  "abc",
  "ac",
  "bc",
  "xc",
  "abcx",
  "b",
  "a*b",
  "axb",
  "]x",
  "x.y.z",
  "x.y",
  "ab",
  "a.b",
  "c",
];

describeWith(["redis"], "matching", () => {
  test("agrees with Redis' own on every pattern and name here", async () => {
    const redis = await startRedis();
    const client = new Redis(redis.url);
    try {
      const set = names.filter((name) => name !== "");
      await client.mset(Object.fromEntries(set.map((name) => [name, "1"])));
      for (const pattern of patterns) {
        const theirs = (await client.keys(pattern)).sort();
        const ours = set.filter((name) => matchesRedisPattern(pattern, name)).sort();
        expect([pattern, ours]).toEqual([pattern, theirs]);
      }
    } finally {
      client.disconnect();
      await redis.end();
    }
  });
});

test("a name is a pattern only with one of Redis' signs in it", () => {
  expect(["a*", "a?", "[a]", "a\\b"].every(isRedisPattern)).toBe(true);
  expect(isRedisPattern("ticker.BTC-USD")).toBe(false);
});

test("a pattern full of stars takes no more steps than both lengths multiplied", () => {
  // a matcher that goes back to every star would not come back from this
  expect(matchesRedisPattern(`${"*a".repeat(100)}b`, "a".repeat(256))).toBe(false);
});
