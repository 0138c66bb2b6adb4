import { expect, test } from "vitest";
import type { GcStats } from "../../../lib/contract/service-api";
import { mergeGcResults, mergeGcStats } from "./merge-gc";

const stats = (own: Partial<GcStats>): GcStats => ({
  isolates: 1,
  collections: [],
  heap_spaces: [],
  heap_used_bytes: 10,
  heap_limit_bytes: 100,
  heap_after_full_gc_bytes: 5,
  last_forced_at_ms: null,
  ...own,
});

test("isolates add up, the longest pause stays the longest", () => {
  const merged = mergeGcStats([
    stats({ collections: [{ kind: "scavenge", count: 2, pause_ms_total: 3, pause_ms_max: 2 }] }),
    stats({
      collections: [{ kind: "scavenge", count: 1, pause_ms_total: 9, pause_ms_max: 9 }],
      last_forced_at_ms: 7,
    }),
  ]);
  expect(merged).toMatchObject({
    isolates: 2,
    collections: [{ kind: "scavenge", count: 3, pause_ms_total: 12, pause_ms_max: 9 }],
    heap_used_bytes: 20,
    heap_after_full_gc_bytes: 10,
    last_forced_at_ms: 7,
  });
});

test("the heap after a full collection is unknown until every isolate had one", () => {
  expect(
    mergeGcStats([stats({}), stats({ heap_after_full_gc_bytes: null })]).heap_after_full_gc_bytes,
  ).toBeNull();
});

test("what was freed is that of all isolates together", () => {
  const reading = { rss_bytes: 1, heap_used_bytes: 2, external_bytes: 3 };
  const part = (name: string, freed_bytes: number, pause_ms: number) => ({
    freed_bytes,
    pause_ms,
    before: reading,
    after: reading,
    isolates: [{ name, before_bytes: 5, after_bytes: 5 - freed_bytes, freed_bytes, pause_ms }],
  });
  const merged = mergeGcResults([part("main", 4, 1), part("worker-1", -1, 3)]);
  expect(merged).toMatchObject({ freed_bytes: 3, pause_ms: 3, before: { rss_bytes: 2, external_bytes: 6 } });
  expect(merged.isolates.map(({ name }) => name)).toEqual(["main", "worker-1"]);
});
