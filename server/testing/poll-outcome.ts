import { type MetricName, metricNames } from "../../lib/contract/metrics";
import type { FailureKind } from "../../lib/health";
import type { PollOutcome } from "../console/fleet/batch";

/** The outcome of a good poll with these values, for tests that need no real member. */
export function goodPoll(
  serverId: string,
  slotMs: number,
  values: Partial<Record<MetricName, number>>,
): PollOutcome {
  return {
    serverId,
    slotMs,
    startedAtMs: slotMs + 10,
    atMs: slotMs + 20,
    sample: {
      values: metricNames.map((name) => values[name] ?? null),
      push: null,
      draining: false,
      workers: 1,
      version: "1.0.0",
      detail: {
        pid: 1,
        startedAtMs: 1,
        byState: null,
        closedByCode: null,
        closedBySide: null,
        topTopics: [{ topic: `${serverId}-topic`, subscribers: 1, deliveries_per_second: slotMs % 7 }],
        otherDeliveriesPerSecond: 0,
      },
    },
    failure: null,
  };
}

export function failedPoll(serverId: string, slotMs: number, kind: FailureKind): PollOutcome {
  return {
    serverId,
    slotMs,
    startedAtMs: slotMs + 10,
    atMs: slotMs + 20,
    sample: null,
    failure: { kind, params: {} },
  };
}
