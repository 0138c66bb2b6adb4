import { expect, test } from "vitest";
import { until } from "../test-service";
import { GatheredLines } from "./gathered-lines";

function gather() {
  const writes: [string, number][] = [];
  return { writes, lines: new GatheredLines((...write) => writes.push(write)) };
}

test("lines of one turn are one write, in order", async () => {
  const { writes, lines } = gather();
  for (const line of ["a", "b", "c"]) lines.add(line);
  expect(writes).toEqual([]);
  await until(() => writes.length > 0);
  expect(writes).toEqual([["a\nb\nc\n", 3]]);
});

test("lines that follow a write come by themselves, and at once when that is asked", async () => {
  const { writes, lines } = gather();
  lines.add("a");
  lines.flush();
  lines.add("b");
  await until(() => writes.length === 2);
  lines.add("c");
  lines.flush();
  lines.flush();
  expect(writes).toEqual([
    ["a\n", 1],
    ["b\n", 1],
    ["c\n", 1],
  ]);
});

test("a turn that logs without end does not fill the memory", () => {
  const { writes, lines } = gather();
  for (let i = 0; i < 1_000; i++) lines.add("x".repeat(1_000));
  expect(writes.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(900);
});
