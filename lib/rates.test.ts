import { expect, it } from "vitest";
import { ratePerSecond, sameRun } from "./rates";

it("turns a counter's growth into a rate", () => {
  expect(ratePerSecond(100, 350, 500)).toBe(500);
  expect(ratePerSecond(100, 100, 1_000)).toBe(0);
});

it("knows no rate when no time passed, the clock went back or the counter fell", () => {
  expect(ratePerSecond(100, 200, 0)).toBeNull();
  expect(ratePerSecond(100, 200, -5)).toBeNull();
  expect(ratePerSecond(200, 100, 1_000)).toBeNull();
});

it("tells a restarted process by its instance or its start", () => {
  const run = { instanceId: "a", startedAtMs: 1 };
  expect(sameRun(run, { ...run })).toBe(true);
  expect(sameRun(run, { ...run, instanceId: "b" })).toBe(false);
  expect(sameRun(run, { ...run, startedAtMs: 2 })).toBe(false);
});
