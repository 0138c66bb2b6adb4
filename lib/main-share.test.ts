import { expect, test } from "vitest";
import { mainShare } from "./main-share";

test("names the fewest that hold four fifths, whatever their order", () => {
  expect(mainShare([3, 90, 7], 100)).toEqual({ share: 0.9, count: 1 });
  expect(mainShare([40, 10, 45, 5], 100)).toEqual({ share: 0.85, count: 2 });
});

test("says nothing where more than three are needed or there is only one to count", () => {
  expect(mainShare([25, 25, 25, 25], 100)).toBeNull();
  expect(mainShare([1], 1)).toBeNull();
  expect(mainShare([], 50)).toBeNull();
});
