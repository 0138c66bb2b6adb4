import { metricNames, metrics } from "../../../lib/contract/metrics";
import { type Buckets, mergeHistograms } from "../../../lib/histogram";
import { mergedPercentile } from "./values-of-stats";

/** What one server contributes to one slot. */
export interface Contribution {
  values: (number | null)[];
  push: Buckets | null;
}

/**
 * A group's values, in the order of `metricNames`, from those of its reporting servers. Unknown values are
 * left out, and a metric that nobody told is null. Percentiles come from the servers' buckets added together.
 */
export function aggregate(contributions: Contribution[]): (number | null)[] {
  const push = mergeHistograms(contributions.flatMap((c) => (c.push ? [c.push] : [])));
  return metricNames.map((name, i) => {
    const how = metrics[name].aggregate;
    if (how === "merge") return push && mergedPercentile(name, push);
    let result: number | null = null;
    for (const { values } of contributions) {
      const value = values[i] ?? null;
      if (value === null) continue;
      if (result === null) result = value;
      else if (how === "sum") result += value;
      else if (how === "max") result = Math.max(result, value);
      else result = Math.min(result, value);
    }
    return result;
  });
}

/** The polls of one server that the newest aggregates may still need. */
export interface RecentPolls {
  /** Records the outcome of a slot; null for a failed poll. */
  record(slotMs: number, contribution: Contribution | null): void;
  /**
   * What stands for a slot: its own sample, or that of the slot before while the slot's poll is still to
   * come, so that a total does not dip between two polls. Nothing once the slot's poll has failed.
   */
  contribution(slotMs: number): Contribution | null;
}

const slotsKept = 4;

export function createRecentPolls(stepMs: number): RecentPolls {
  const recent = new Map<number, Contribution | null>();
  return {
    record(slotMs, contribution) {
      recent.delete(slotMs);
      recent.set(slotMs, contribution);
      for (const oldest of recent.keys()) {
        if (recent.size <= slotsKept) break;
        recent.delete(oldest);
      }
    },
    contribution(slotMs) {
      const own = recent.get(slotMs);
      return own === undefined ? (recent.get(slotMs - stepMs) ?? null) : own;
    },
  };
}
