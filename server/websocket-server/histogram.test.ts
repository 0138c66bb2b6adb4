import { expect, test } from "vitest";
import { histogramSchema } from "../../lib/contract/service-api";
import { Histogram, latencyBoundsMs } from "./histogram";

test("an observation falls into the first bucket whose bound it does not exceed", () => {
  for (const [index, bound] of latencyBoundsMs.entries()) {
    const histogram = new Histogram();
    histogram.observe(bound);
    histogram.observe(bound + 1e-9);
    expect(histogram.counts[index]).toBe(1);
    expect(histogram.counts[index + 1]).toBe(1);
  }
});

test("reads as the contract has it, from nothing to beyond every bound", () => {
  const histogram = new Histogram();
  histogram.observe(0);
  histogram.observe(1e9);
  const reading = histogramSchema.parse(histogram.read());
  expect(reading.counts[0]).toBe(1);
  expect(reading.counts.at(-1)).toBe(1);
  expect(reading.sum_ms).toBe(1e9);
});

test("bounds rise", () => {
  expect([...latencyBoundsMs].sort((a, b) => a - b)).toEqual([...latencyBoundsMs]);
});
