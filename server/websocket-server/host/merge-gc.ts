import type { GcResult, GcStats } from "../../../lib/contract/service-api";

type Collection = GcStats["collections"][number];
type HeapSpace = GcStats["heap_spaces"][number];

/** What the isolates of a service tell, as one. */
export function mergeGcStats(parts: readonly GcStats[]): GcStats {
  const collections = new Map<string, Collection>();
  for (const own of parts.flatMap((part) => part.collections)) {
    const sum = collections.get(own.kind) ?? { kind: own.kind, count: 0, pause_ms_total: 0, pause_ms_max: 0 };
    sum.count += own.count;
    sum.pause_ms_total += own.pause_ms_total;
    sum.pause_ms_max = Math.max(sum.pause_ms_max, own.pause_ms_max);
    collections.set(own.kind, sum);
  }
  const spaces = new Map<string, HeapSpace>();
  for (const own of parts.flatMap((part) => part.heap_spaces)) {
    const sum = spaces.get(own.name) ?? { name: own.name, size_bytes: 0, used_bytes: 0, available_bytes: 0 };
    sum.size_bytes += own.size_bytes;
    sum.used_bytes += own.used_bytes;
    sum.available_bytes += own.available_bytes;
    spaces.set(own.name, sum);
  }
  const afterFull = parts.map((part) => part.heap_after_full_gc_bytes);
  const forced = parts.flatMap((part) => part.last_forced_at_ms ?? []);
  return {
    isolates: parts.reduce((sum, part) => sum + part.isolates, 0),
    collections: [...collections.values()],
    heap_spaces: [...spaces.values()],
    heap_used_bytes: parts.reduce((sum, part) => sum + part.heap_used_bytes, 0),
    heap_limit_bytes: parts.reduce((sum, part) => sum + part.heap_limit_bytes, 0),
    // A sum of some isolates would pass for that of all.
    heap_after_full_gc_bytes: afterFull.some((bytes) => bytes === null)
      ? null
      : afterFull.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    last_forced_at_ms: forced.length > 0 ? Math.max(...forced) : null,
  };
}

export function mergeGcResults(parts: readonly GcResult[]): GcResult {
  const isolates = parts.flatMap((part) => part.isolates);
  return {
    freed_bytes: isolates.reduce((sum, isolate) => sum + isolate.freed_bytes, 0),
    pause_ms: isolates.reduce((longest, isolate) => Math.max(longest, isolate.pause_ms), 0),
    before: addReadings(parts.map((part) => part.before)),
    after: addReadings(parts.map((part) => part.after)),
    isolates,
  };
}

function addReadings(readings: readonly GcResult["before"][]): GcResult["before"] {
  const sum = { rss_bytes: 0, heap_used_bytes: 0, external_bytes: 0 };
  for (const reading of readings) {
    sum.rss_bytes += reading.rss_bytes;
    sum.heap_used_bytes += reading.heap_used_bytes;
    sum.external_bytes += reading.external_bytes;
  }
  return sum;
}
