import { expect, test } from "vitest";
import { backoffMs } from "../process/jittered-back-off";
import { ReconnectDelay } from "./reconnect-delay";

const limits = { firstMs: 100, longestMs: 10_000 };

test("waits longer each time, up to a limit, and never the same for everyone", () => {
  const most = [0, 1, 2, 3, 4, 50].map((attempt) =>
    backoffMs(attempt, { ...limits, longestMs: 1_000 }, () => 1),
  );
  expect(most).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffMs(3, limits, () => 0.25)).toBe(200);
});

test("a connection that lasted begins anew, one that did not goes on", () => {
  const delay = new ReconnectDelay(limits, () => 1);
  expect([delay.next(1006, null, false), delay.next(1006, 50, false)]).toEqual([100, 200]);
  expect(delay.next(1006, 20_000, false)).toBe(100);
});

test.each([1008, 1013, 4001])("%i never brings it back at once, whatever the dice say", (code) => {
  expect(new ReconnectDelay(limits, () => 0).next(code, 20_000, false)).toBe(100);
  expect(new ReconnectDelay(limits, () => 1).next(code, 20_000, false)).toBe(1_700);
});

test("comes back when the service asked for it, spread, unless it goes elsewhere", () => {
  const delay = new ReconnectDelay(limits, () => 0.5);
  delay.asked(3_000);
  expect(delay.next(1001, 20_000, false)).toBe(3_050);
  expect(delay.next(1006, 20_000, false)).toBe(50);
  delay.asked(3_000);
  expect(delay.next(1001, 20_000, true)).toBe(50);
  delay.asked(1e15);
  expect(delay.next(1001, 20_000, false)).toBe(100_050);
});
