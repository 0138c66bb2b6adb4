import { expect, it } from "vitest";
import { createChangeLog } from "./change-log";

it("gives what changed after a change, each series and slot once, oldest first", () => {
  const log = createChangeLog();
  log.record("a", 1_000, 1);
  const after = log.record("b", 1_000, 2);
  log.record("a", 2_000, 3);
  log.mark(3);
  log.record("b", 2_000, 3);
  log.record("a", 2_000, 4);
  expect(log.since(after)).toEqual([
    { key: "b", slotMs: 2_000 },
    { key: "a", slotMs: 2_000 },
  ]);
  expect(log.since(log.newest())).toEqual([]);
});

it("finds the newest change before an instant, and all of that instant after it", () => {
  const log = createChangeLog();
  expect(log.before(5)).toBe(0);
  const first = log.record("a", 1_000, 10);
  log.record("a", 2_000, 20);
  log.record("b", 2_000, 20);
  expect(log.before(20)).toBe(first);
  expect(log.since(log.before(20) ?? -1)).toHaveLength(2);
});

it("says that it does not know any more what is long ago", () => {
  const log = createChangeLog();
  for (let s = 0; s < 600; s++) log.record("a", s * 1_000, s * 1_000);
  expect(log.since(1)).toBeNull();
  expect(log.before(1_000)).toBeNull();
  expect(log.since(log.newest() - 30)).toHaveLength(30);
  expect(log.since(log.newest() + 1)).toBeNull();
});
