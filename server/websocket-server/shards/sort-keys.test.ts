import { expect, test } from "vitest";
import { compareKeys, mergeSorted } from "./sort-keys";

test("sorted lists merge into one sorted list, unknown last either way", () => {
  const lists = [
    [1, 4, null],
    [2, 4, 9],
    [0, null],
  ];
  expect(mergeSorted(lists, compareKeys("asc"))).toEqual([0, 1, 2, 4, 4, 9, null, null]);
  const falling = lists.map((list) => [...list].sort(compareKeys("desc")));
  expect(mergeSorted(falling, compareKeys("desc"))).toEqual([9, 4, 4, 2, 1, 0, null, null]);
});

test("equal keys keep the order of their lists", () => {
  const merged = mergeSorted([[{ key: 1, from: "a" }], [{ key: 1, from: "b" }]], (x, y) => x.key - y.key);
  expect(merged.map(({ from }) => from)).toEqual(["a", "b"]);
});
