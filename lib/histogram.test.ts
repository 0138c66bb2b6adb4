import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Buckets, diffHistogram, mergeHistograms, percentile } from "./histogram";

const bounds = [10, 20, 50];
const reading = (...counts: number[]) => ({ bounds_ms: bounds, counts, sum_ms: 0 });
const buckets = (...counts: number[]): Buckets => ({ boundsMs: bounds, counts });

describe("diffHistogram", () => {
  it("holds what was observed between two readings", () => {
    expect(diffHistogram(reading(1, 2, 3, 4), reading(1, 5, 3, 6))).toEqual(buckets(0, 3, 0, 2));
  });

  it("is unknown when a count fell or the bounds changed", () => {
    expect(diffHistogram(reading(1, 2, 3, 4), reading(9, 9, 2, 9))).toBeNull();
    expect(
      diffHistogram(reading(0, 0, 0, 0), { bounds_ms: [10, 20, 60], counts: [1, 1, 1, 1], sum_ms: 0 }),
    ).toBeNull();
  });
});

describe("percentile", () => {
  it("is linear inside a bucket and starts the first one at 0", () => {
    expect(percentile([10, 0, 0, 0], bounds, 0.5)).toBe(5);
    expect(percentile([0, 10, 0, 0], bounds, 0.5)).toBe(15);
    expect(percentile([50, 40, 10, 0], bounds, 0.99)).toBeCloseTo(47);
  });

  it("answers the last bound for what lies above it", () => {
    expect(percentile([0, 0, 0, 8], bounds, 0.5)).toBe(50);
  });

  it("is unknown without observations", () => {
    expect(percentile([0, 0, 0, 0], bounds, 0.99)).toBeNull();
  });

  it("never falls as the share grows and stays within the bounds", () => {
    const counts = fc
      .array(fc.nat(1_000), { minLength: 4, maxLength: 4 })
      .filter((c) => c.some((n) => n > 0));
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (c, a, b) => {
          const low = percentile(c, bounds, Math.min(a, b)) ?? -1;
          const high = percentile(c, bounds, Math.max(a, b)) ?? -1;
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(50);
          expect(low).toBeLessThanOrEqual(high);
        },
      ),
    );
  });
});

describe("mergeHistograms", () => {
  it("adds counts of equal bounds", () => {
    expect(mergeHistograms([buckets(1, 2, 3, 4), buckets(1, 1, 1, 1)])).toEqual({
      ...buckets(2, 3, 4, 5),
      rebucketed: 0,
    });
  });

  it("gives the percentile of all observations together, not the mean of the servers' percentiles", () => {
    const merged = mergeHistograms([buckets(990, 0, 0, 0), buckets(0, 0, 10, 0)]);
    expect(merged && percentile(merged.counts, merged.boundsMs, 0.5)).toBeLessThan(10);
    expect(merged && percentile(merged.counts, merged.boundsMs, 0.999)).toBeGreaterThan(20);
  });

  it("moves other bounds up to the commonest ones and says how many servers that was", () => {
    const other: Buckets = { boundsMs: [15, 50, 80], counts: [5, 6, 7, 8] };
    expect(mergeHistograms([other, buckets(1, 1, 1, 1), buckets(1, 1, 1, 1)])).toEqual({
      ...buckets(2, 7, 8, 17),
      rebucketed: 1,
    });
  });

  it("keeps every observation whatever the bounds", () => {
    const any = fc
      .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 6 })
      .map((b) => b.sort((x, y) => x - y))
      .chain((boundsMs) =>
        fc.record({
          boundsMs: fc.constant(boundsMs),
          counts: fc.array(fc.nat(50), { minLength: boundsMs.length + 1, maxLength: boundsMs.length + 1 }),
        }),
      );
    const total = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (all) => {
        const merged = mergeHistograms(all);
        expect(total(merged?.counts ?? [])).toBe(total(all.flatMap((one) => one.counts)));
      }),
    );
  });

  it("is unknown without any", () => {
    expect(mergeHistograms([])).toBeNull();
  });
});
