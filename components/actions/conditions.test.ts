import { expect, test } from "vitest";
import { conditionsOf, matchOf, mistakesIn } from "./conditions";

const none = { ...conditionsOf(undefined), idleSeconds: null };

test("without anything asked for a clean-up starts at idle connections, never at everyone", () => {
  expect(matchOf(conditionsOf(undefined))).toEqual({ idle_seconds: 300 });
});

test("conditions give back the match they were made from", () => {
  const match = {
    idle_seconds: 60,
    include_subscribed: true,
    ip: "192.0.2.1",
    topic: "ticker.BTC-USD",
    min_buffered: 1024 ** 2,
    ping_first: true,
  };
  expect(matchOf(conditionsOf(match))).toEqual(match);
});

test("a condition that is still being typed matches nobody", () => {
  for (const half of [
    { ...none, idleSeconds: "" },
    { ...none, idleSeconds: "3o0" },
    { ...none, idleSeconds: "-1" },
    { ...none, ip: "  " },
    { ...none, minBufferedMiB: "." },
  ]) {
    expect(mistakesIn(half)).toHaveLength(1);
    expect(matchOf(half)).toEqual({ ids: [] });
  }
});

test("rows picked by hand stand alone, and none picked stays none", () => {
  expect(matchOf(conditionsOf({ ids: ["a", "b"] }))).toEqual({ ids: ["a", "b"] });
  expect(matchOf(conditionsOf({ ids: [] }))).toEqual({ ids: [] });
});
