import { describe, expect, it } from "vitest";
import { type MetricName, metricNames } from "../../../lib/contract/metrics";
import { statsFixture, type Traffic } from "../../testing/stats-fixture";
import { type Reading, valuesOfStats } from "./values-of-stats";

const t0 = 1_800_000_000_000;
const identity = { id: "a", instanceId: "run-1", startedAtMs: t0 };

function reading(afterMs: number, traffic: Partial<Traffic> = {}, run = identity): Reading {
  return { atMs: t0 + afterMs, stats: statsFixture(run, t0 + afterMs - run.startedAtMs, traffic) };
}

function named(after: Reading, before: Reading | null) {
  const { values } = valuesOfStats(after, before);
  return Object.fromEntries(metricNames.map((name, i) => [name, values[i]])) as Record<
    MetricName,
    number | null
  >;
}

const fromTwo: MetricName[] = metricNames.filter(
  (name) =>
    name.endsWith("_per_second") ||
    name.startsWith("push_latency") ||
    ["cpu_cores", "gc_share"].includes(name),
);

describe("valuesOfStats", () => {
  it("turns counters into rates and gauges into values", () => {
    const values = named(reading(62_000), reading(60_000));
    expect(values).toMatchObject({
      active_connections: 100,
      max_connections: 10_000,
      zombie_connections: 2,
      messages_out_per_second: 1_000,
      bytes_out_per_second: 200_000,
      messages_in_per_second: 10,
      connections_closed_per_second: 1,
      connections_refused_per_second: 0,
      memory_limit_bytes: 1_000_000_000,
      uptime_seconds: 62,
    });
    expect(values.cpu_cores).toBeCloseTo(0.3);
    expect(values.gc_share).toBeCloseTo(0.01);
  });

  it("makes percentiles of what was observed between the two readings only", () => {
    const before = reading(60_000, { slowShare: 0 });
    const after = structuredClone(before);
    after.atMs += 1_000;
    // 100 new observations, all of them between 100 and 250 ms, after 60,000 fast ones.
    after.stats.latency.push.counts[7] = (after.stats.latency.push.counts[7] ?? 0) + 100;
    const values = named(after, before);
    expect(values.push_latency_p50_ms).toBe(175);
    expect(values.push_latency_p99_ms).toBeCloseTo(248.5);
  });

  it("knows no percentile when nothing was delivered", () => {
    const before = reading(60_000);
    expect(named({ ...before, atMs: before.atMs + 1_000 }, before).push_latency_p99_ms).toBeNull();
  });

  it.each([
    ["without a reading before", () => null],
    [
      "after a restart",
      () => reading(59_000, {}, { ...identity, instanceId: "run-0", startedAtMs: t0 - 5_000 }),
    ],
    ["after a start at another time", () => reading(59_000, {}, { ...identity, startedAtMs: t0 - 1 })],
  ])("knows gauges only %s", (_, before) => {
    const values = named(reading(60_000), before());
    for (const name of fromTwo) expect(values[name], name).toBeNull();
    expect(values.active_connections).toBe(100);
  });

  it("knows no rate of a counter that fell within one run, and keeps the others", () => {
    const after = reading(61_000);
    after.stats.messages.out_total = 5;
    const values = named(after, reading(60_000));
    expect(values.messages_out_per_second).toBeNull();
    expect(values.messages_in_per_second).toBe(10);
  });

  it("knows no rate when no time passed", () => {
    const values = named({ ...reading(61_000), atMs: t0 + 60_000 }, reading(60_000));
    expect(values.messages_out_per_second).toBeNull();
  });

  it("passes on that a memory limit is unknown", () => {
    const after = reading(60_000);
    after.stats.memory.limit_bytes = null;
    expect(named(after, null).memory_limit_bytes).toBeNull();
  });
});
