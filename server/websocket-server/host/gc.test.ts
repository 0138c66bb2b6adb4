import { afterEach, expect, test } from "vitest";
import type { GcResult, GcStats } from "../../../lib/contract/service-api";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

const megabyte = 1_048_576;
let garbage: unknown[] = [];

function makeGarbage(): void {
  // Half on the heap, half outside of it, as buffers are.
  for (let i = 0; i < 50; i++) garbage.push(Array.from({ length: megabyte / 8 }, (_, n) => n + 0.5));
  for (let i = 0; i < 50; i++) garbage.push(Buffer.alloc(megabyte, i));
}

test("frees 100 MB of garbage and tells how much, over every isolate", async () => {
  service = await startTestService();
  makeGarbage();
  await fetch(`${service.adminUrl}/health`);
  expect(garbage).toHaveLength(100);
  garbage = [];
  const result = (await (await fetch(`${service.adminUrl}/admin/gc`, { method: "POST" })).json()) as GcResult;
  expect(result.freed_bytes).toBeGreaterThanOrEqual(90 * megabyte);
  expect(result.freed_bytes).toBe(result.isolates.reduce((sum, isolate) => sum + isolate.freed_bytes, 0));
  expect(result.pause_ms).toBeGreaterThan(0);
  const stats = await until(async () => {
    const now = (await (await fetch(`${service.adminUrl}/admin/gc-stats`)).json()) as GcStats;
    return now.heap_after_full_gc_bytes === null ? null : now;
  });
  expect(stats.last_forced_at_ms).not.toBeNull();
  expect(stats.collections.find((each) => each.kind === "mark_sweep_compact")?.count).toBeGreaterThanOrEqual(
    2,
  );
});
