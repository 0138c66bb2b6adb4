import { expect, test } from "vitest";
import { sameItems } from "./use-stable";

test("lists are the same when their fields are, and arrays inside only when they are one array", () => {
  const values = [1, 2];
  expect(sameItems([{ label: "a", values }], [{ label: "a", values }])).toBe(true);
  expect(sameItems([{ label: "a", values }], [{ label: "a", values: [1, 2] }])).toBe(false);
  expect(sameItems([{ label: "a", values }], [{ label: "b", values }])).toBe(false);
  expect(sameItems([{ label: "a" }], [])).toBe(false);
  expect(sameItems<{ a: number; b?: number }>([{ a: 1 }], [{ a: 1, b: 2 }])).toBe(false);
});
