import type { ServerDetail, StateReason } from "../../../lib/contract/console-api";
import type { FailureKind } from "../../../lib/health";
import type { Buckets } from "../../../lib/histogram";

/** What one good poll brought. */
export interface ServerSample {
  /** In the order of `metricNames`. */
  values: (number | null)[];
  push: Buckets | null;
  draining: boolean;
  workers: number;
  version: string;
  detail: Pick<
    ServerDetail,
    | "pid"
    | "startedAtMs"
    | "byState"
    | "closedByCode"
    | "closedBySide"
    | "topTopics"
    | "otherDeliveriesPerSecond"
  >;
}

/** One finished poll: a sample or a failure. */
export interface PollOutcome {
  serverId: string;
  /** The slot of time that the poll was scheduled for. */
  slotMs: number;
  startedAtMs: number;
  atMs: number;
  sample: ServerSample | null;
  failure: { kind: FailureKind; params: StateReason["params"] } | null;
}

/** All that the collector hands on: plain data, so that it can come from a worker. */
export interface CollectorBatch {
  atMs: number;
  outcomes: PollOutcome[];
}
