import { describe, expect, it } from "vitest";
import { type MetricName, metricNames } from "../../../lib/contract/metrics";
import type { Buckets } from "../../../lib/histogram";
import { aggregate, type Contribution, createRecentPolls } from "./aggregate";

const boundsMs = [10, 100, 1_000];

function contribution(
  values: Partial<Record<MetricName, number | null>>,
  push: Buckets | null = null,
): Contribution {
  return { values: metricNames.map((name) => values[name] ?? null), push };
}

function named(contributions: Contribution[]) {
  const values = aggregate(contributions);
  return Object.fromEntries(metricNames.map((name, i) => [name, values[i]]));
}

describe("aggregate", () => {
  it("adds, and takes the largest or smallest where that is what a fleet's value means", () => {
    expect(
      named([
        contribution({ active_connections: 5, queue_oldest_ms: 10, uptime_seconds: 100 }),
        contribution({ active_connections: 7, queue_oldest_ms: 40, uptime_seconds: 30 }),
      ]),
    ).toMatchObject({ active_connections: 12, queue_oldest_ms: 40, uptime_seconds: 30 });
  });

  it("leaves out what a server did not tell and knows nothing that nobody told", () => {
    const values = named([
      contribution({ active_connections: 5 }),
      contribution({ active_connections: null }),
    ]);
    expect(values.active_connections).toBe(5);
    expect(values.rss_bytes).toBeNull();
    expect(named([]).active_connections).toBeNull();
  });

  it("takes percentiles from all observations together, never from the servers' percentiles", () => {
    const values = named([
      contribution({ push_latency_p99_ms: 10 }, { boundsMs, counts: [9_990, 0, 0, 0] }),
      contribution({ push_latency_p99_ms: 990 }, { boundsMs, counts: [0, 0, 10, 0] }),
    ]);
    expect(values.push_latency_p99_ms).toBeLessThanOrEqual(10);
    expect(values.push_latency_p99_ms).toBeGreaterThan(9);
  });
});

describe("what stands for a slot", () => {
  const one = contribution({ active_connections: 1 });
  const two = contribution({ active_connections: 2 });

  it("is the slot before while the slot's poll is still to come, and then its own", () => {
    const recent = createRecentPolls(1_000);
    recent.record(5_000, one);
    expect(recent.contribution(6_000)).toBe(one);
    recent.record(6_000, two);
    expect(recent.contribution(6_000)).toBe(two);
    expect(recent.contribution(5_000)).toBe(one);
  });

  it("is nothing after a failed poll and nothing that is two slots old", () => {
    const recent = createRecentPolls(1_000);
    recent.record(5_000, one);
    expect(recent.contribution(7_000)).toBeNull();
    recent.record(6_000, null);
    expect(recent.contribution(6_000)).toBeNull();
    expect(recent.contribution(7_000)).toBeNull();
  });
});
