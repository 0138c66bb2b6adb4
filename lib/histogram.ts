import type { Histogram } from "./contract/service-api";

/** Observations of one interval: `counts[i]` up to `boundsMs[i]`, the last entry above every bound. */
export interface Buckets {
  boundsMs: number[];
  counts: number[];
}

/** What was observed between two readings; null when they can't be set against each other. */
export function diffHistogram(before: Histogram, after: Histogram): Buckets | null {
  if (!equalBounds(before.bounds_ms, after.bounds_ms)) return null;
  const counts: number[] = [];
  for (let i = 0; i < after.counts.length; i++) {
    const grown = (after.counts[i] ?? 0) - (before.counts[i] ?? 0);
    if (grown < 0) return null;
    counts.push(grown);
  }
  return { boundsMs: after.bounds_ms, counts };
}

/**
 * Adds buckets of several servers, on the bounds that most of them use. What was counted on other bounds
 * moves up to the next bound, so that a merged percentile may be too high by a bucket but is never too low;
 * `rebucketed` tells how many servers that was. null without any.
 */
export function mergeHistograms(all: Buckets[]): (Buckets & { rebucketed: number }) | null {
  const bounds = commonestBounds(all);
  if (!bounds) return null;
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let rebucketed = 0;
  for (const one of all) {
    if (equalBounds(one.boundsMs, bounds)) {
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) + (one.counts[i] ?? 0);
      continue;
    }
    rebucketed++;
    let to = 0;
    for (let i = 0; i < one.counts.length; i++) {
      const upper = one.boundsMs[i] ?? Number.POSITIVE_INFINITY;
      while (to < bounds.length && (bounds[to] ?? 0) < upper) to++;
      counts[to] = (counts[to] ?? 0) + (one.counts[i] ?? 0);
    }
  }
  return { boundsMs: bounds, counts, rebucketed };
}

/**
 * The value that a share `q` (0 to 1) of the observations did not exceed, linear inside its bucket; null
 * without observations. Above the last bound nothing is known, so that bound is the answer.
 * Source: `histogram_quantile` of Prometheus' querying manual.
 */
export function percentile(counts: number[], boundsMs: number[], q: number): number | null {
  let total = 0;
  for (const n of counts) total += n;
  if (total === 0) return null;
  const rank = q * total;
  let below = 0;
  for (let i = 0; i < boundsMs.length; i++) {
    const n = counts[i] ?? 0;
    if (n > 0 && below + n >= rank) {
      const lower = i === 0 ? 0 : (boundsMs[i - 1] ?? 0);
      const upper = boundsMs[i] ?? lower;
      return lower + (upper - lower) * Math.max(0, (rank - below) / n);
    }
    below += n;
  }
  return boundsMs.at(-1) ?? null;
}

function equalBounds(a: number[], b: number[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((bound, i) => bound === b[i]);
}

function commonestBounds(all: Buckets[]): number[] | null {
  const groups: { bounds: number[]; times: number }[] = [];
  for (const { boundsMs } of all) {
    const group = groups.find((g) => equalBounds(g.bounds, boundsMs));
    if (group) group.times++;
    else groups.push({ bounds: boundsMs, times: 1 });
  }
  return (
    groups.reduce<(typeof groups)[number] | null>((a, b) => (a && a.times >= b.times ? a : b), null)
      ?.bounds ?? null
  );
}
