import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { GcResult, GcStats } from "../../../lib/contract/service-api";

type Kind = GcStats["collections"][number]["kind"];

const kinds: Record<number, Kind> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: "scavenge",
  [constants.NODE_PERFORMANCE_GC_MAJOR]: "mark_sweep_compact",
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: "incremental",
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: "weak_callbacks",
};

/** Counts collections from the moment it is made, and forces one on demand. */
export class GarbageCollection {
  count = 0;
  pauseMs = 0;
  lastForcedAtMs: number | null = null;
  #heapAfterFull: number | null = null;
  readonly #byKind = new Map<Kind, { count: number; pauseMs: number; pauseMaxMs: number }>();
  readonly #observer: PerformanceObserver;

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { detail } = entry as PerformanceEntry & { detail?: { kind?: number } };
        this.#note(kinds[detail?.kind ?? -1] ?? "other", entry.duration);
      }
    });
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  stop(): void {
    this.#observer.disconnect();
  }

  stats(): GcStats {
    const heap = getHeapStatistics();
    return {
      isolates: 1,
      collections: [...this.#byKind].map(([kind, { count, pauseMs, pauseMaxMs }]) => ({
        kind,
        count,
        pause_ms_total: pauseMs,
        pause_ms_max: pauseMaxMs,
      })),
      heap_spaces: getHeapSpaceStatistics().map((space) => ({
        name: space.space_name,
        size_bytes: space.space_size,
        used_bytes: space.space_used_size,
        available_bytes: space.space_available_size,
      })),
      heap_used_bytes: heap.used_heap_size,
      heap_limit_bytes: heap.heap_size_limit,
      heap_after_full_gc_bytes: this.#heapAfterFull,
      last_forced_at_ms: this.lastForcedAtMs,
    };
  }

  /** A full collection in this isolate, which the result names `worker`. */
  async force(worker: string): Promise<GcResult> {
    const collect = exposedCollector();
    const before = reading();
    let pauseMs = timed(collect);
    // Buffers go back once their finalizers have run, after which a second collection finds the rest.
    await new Promise((resolve) => setImmediate(resolve));
    pauseMs += timed(collect);
    await new Promise((resolve) => setImmediate(resolve));
    const after = reading();
    this.lastForcedAtMs = Date.now();
    const beforeBytes = before.heap_used_bytes + before.external_bytes;
    const afterBytes = after.heap_used_bytes + after.external_bytes;
    const own = {
      name: worker,
      before_bytes: beforeBytes,
      after_bytes: afterBytes,
      freed_bytes: beforeBytes - afterBytes,
      pause_ms: pauseMs,
    };
    return { freed_bytes: own.freed_bytes, pause_ms: pauseMs, before, after, isolates: [own] };
  }

  #note(kind: Kind, pauseMs: number): void {
    this.count++;
    this.pauseMs += pauseMs;
    const sums = this.#byKind.get(kind) ?? { count: 0, pauseMs: 0, pauseMaxMs: 0 };
    sums.count++;
    sums.pauseMs += pauseMs;
    sums.pauseMaxMs = Math.max(sums.pauseMaxMs, pauseMs);
    this.#byKind.set(kind, sums);
    if (kind === "mark_sweep_compact") this.#heapAfterFull = getHeapStatistics().used_heap_size;
  }
}

function reading(): GcResult["before"] {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss_bytes: rss, heap_used_bytes: heapUsed, external_bytes: external };
}

function timed(run: () => void): number {
  const before = performance.now();
  run();
  return performance.now() - before;
}

let collector: (() => void) | null = null;

/** V8's own collector, without a flag on the command line. */
function exposedCollector(): () => void {
  if (collector === null) {
    setFlagsFromString("--expose-gc");
    collector = runInNewContext("gc") as () => void;
  }
  return collector;
}
