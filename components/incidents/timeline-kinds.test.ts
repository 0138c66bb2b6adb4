import { expect, test } from "vitest";
import type { TimelineEntry } from "@/lib/contract/console-api";
import { entriesOf, timelineCounts } from "./timeline-kinds";

const entry = (kind: TimelineEntry["kind"], id: string): TimelineEntry => ({
  id,
  kind,
  atMs: 0,
  by: "mei",
  text: null,
  hidden: false,
  params: {},
  action: null,
  snapshotId: null,
});
const timeline = [entry("note", "c"), entry("lead", "b"), entry("declared", "a")];

test("only filters that show something are offered, with their counts", () => {
  expect(timelineCounts(timeline)).toEqual([
    { filter: "all", count: 3 },
    { filter: "notes", count: 1 },
    { filter: "changes", count: 2 },
  ]);
  expect(timelineCounts([])).toEqual([{ filter: "all", count: 0 }]);
});

test("a filter keeps the order", () => {
  expect(entriesOf(timeline, "changes").map(({ id }) => id)).toEqual(["b", "a"]);
});
