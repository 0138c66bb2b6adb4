import fc from "fast-check";
import { expect, test } from "vitest";
import { timeTicks, valueTicks } from "./ticks";

test("values have three to five ticks from 0 to above the largest", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (max) => {
      const ticks = valueTicks(max);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * 0.999_999);
    }),
  );
});

test("a chart without values still has an axis", () => {
  expect(valueTicks(0)).toEqual([0, 2, 4]);
  expect(valueTicks(Number.NaN)).toEqual([0, 2, 4]);
});

test("times have at most four labels inside the window", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 60, max: 10_000_000 }),
      fc.integer({ min: 1e9, max: 2e9 }),
      (span, from) => {
        const ticks = timeTicks(from, from + span);
        expect(ticks.length).toBeLessThanOrEqual(4);
        for (const tick of ticks) expect(tick >= from && tick <= from + span).toBe(true);
      },
    ),
  );
  expect(timeTicks(0, 900)).toEqual([0, 300, 600, 900]);
});
