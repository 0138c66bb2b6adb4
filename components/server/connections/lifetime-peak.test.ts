import { expect, test } from "vitest";
import { lifetimePeak } from "./lifetime-peak";

test("names the bin that is over five times its neighbours and a twentieth of the closes", () => {
  expect(lifetimePeak([20, 10, 4, 400, 6, 3, 50])).toBe(3);
});

test("an even spread has no finding", () => {
  expect(lifetimePeak([40, 42, 39, 41, 40, 38])).toBeNull();
});

test("a peak that is small beside all closes, or small in itself, is chance", () => {
  expect(lifetimePeak([2_000, 1_900, 3, 30, 2, 4, 1_000])).toBeNull();
  expect(lifetimePeak([0, 0, 3, 0, 0])).toBeNull();
});

test("the open bin at the end is never the finding", () => {
  expect(lifetimePeak([10, 12, 11, 9_000])).toBeNull();
});
