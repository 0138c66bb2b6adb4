import { expect, test } from "vitest";
import { Turns } from "../turns";
import { sortInTurns } from "./sort-in-turns";

const items = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: (index * 7_919) % 1_000, index }));

test("sorts as Array.sort does, equal keys in the order they had, whatever the length", async () => {
  for (const count of [0, 1, 2, 1_023, 1_024, 1_025, 2_048, 3_000, 10_000]) {
    const given = items(count);
    const sorted = await sortInTurns(given, (a, b) => a.key - b.key, new Turns());
    expect(sorted).toEqual([...given].sort((a, b) => a.key - b.key));
  }
});

test("the event loop has its turns while a long list is sorted", async () => {
  let now = 0;
  // a millisecond a look
  const turns = new Turns(() => now++);
  let loops = 0;
  let counting = true;
  const count = () => {
    loops++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  await sortInTurns(items(20_000), (a, b) => a.key - b.key, turns);
  counting = false;
  expect(loops).toBeGreaterThan(20);
});
