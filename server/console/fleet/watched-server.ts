import type { ServerDetail, ServerSummary } from "../../../lib/contract/console-api";
import { metricNames } from "../../../lib/contract/metrics";
import { type HealthEvidence, type Judgement, judge, type Values } from "../../../lib/health";
import type { Logger } from "../../process/logger";
import type { FrameServer } from "../live/frame";
import { createRecentPolls, type RecentPolls } from "./aggregate";
import type { PollOutcome } from "./batch";
import type { Member } from "./registry";

/** What the console knows of one member. */
export interface WatchedServer extends FrameServer {
  readonly member: Member;
  readonly recent: RecentPolls;
  detail: Pick<ServerDetail, "pid" | "startedAtMs" | "byState" | "closedByCode" | "closedBySide">;
  /** Takes in the outcome of a poll; true when it brought a sample. */
  take(outcome: PollOutcome, sequence: () => number): boolean;
  /** Judges anew, since states also change with time alone; true when the state or its reason changed. */
  judge(nowMs: number, sequence: () => number): boolean;
  reporting(nowMs: number): boolean;
}

const intervalsToStale = 3;

export function watchServer(
  member: Member,
  stepMs: number,
  startedAtMs: number,
  logger: Logger,
): WatchedServer {
  let evidence: HealthEvidence = {
    nowMs: startedAtMs,
    stepMs,
    watchedSinceMs: startedAtMs,
    failure: null,
    lastSampleAtMs: null,
    draining: false,
    workers: 1,
    values: {},
  };
  let judgement: Judgement = judge(evidence, null);

  const server: WatchedServer = {
    member,
    recent: createRecentPolls(stepMs),
    stateSequence: 0,
    sampleSequence: 0,
    topTopics: { topics: [], otherDeliveriesPerSecond: null },
    detail: { pid: null, startedAtMs: null, byState: null, closedByCode: null, closedBySide: null },
    summary: summaryOf(member, judgement),

    take(outcome, sequence) {
      const { sample, failure } = outcome;
      server.recent.record(outcome.slotMs, sample && { values: sample.values, push: sample.push });
      if (sample) {
        const values: Values = {};
        metricNames.forEach((name, i) => {
          values[name] = sample.values[i] ?? null;
        });
        evidence = {
          ...evidence,
          failure: null,
          lastSampleAtMs: outcome.atMs,
          draining: sample.draining,
          workers: sample.workers,
          values,
        };
        const { topTopics, otherDeliveriesPerSecond, ...detail } = sample.detail;
        server.detail = detail;
        server.topTopics = { topics: topTopics, otherDeliveriesPerSecond };
        server.summary = {
          ...server.summary,
          version: sample.version,
          lastSampleAtMs: outcome.atMs,
          latest: values,
        };
        server.sampleSequence = sequence();
      } else if (failure) {
        const before = evidence.failure;
        evidence = {
          ...evidence,
          failure: {
            ...failure,
            sinceMs: before?.kind === failure.kind ? before.sinceMs : outcome.startedAtMs,
            inARow: (before?.inARow ?? 0) + 1,
          },
        };
      }
      return sample !== null;
    },

    judge(nowMs, sequence) {
      evidence = { ...evidence, nowMs };
      const before = judgement;
      judgement = judge(evidence, before);
      const changed =
        judgement.state !== before.state ||
        judgement.sinceMs !== before.sinceMs ||
        JSON.stringify(judgement.reason) !== JSON.stringify(before.reason);
      if (!changed) return false;
      const { state, reason, sinceMs } = judgement;
      server.summary = { ...server.summary, state, reason, sinceMs };
      server.stateSequence = sequence();
      if (state !== before.state || reason?.code !== before.reason?.code) {
        const log = state === "healthy" || state === "draining" ? logger.info : logger.warn;
        log("server state changed", {
          server: member.id,
          from: before.state,
          to: state,
          reason: reason?.code,
          since: new Date(sinceMs).toISOString(),
        });
      }
      return true;
    },

    reporting(nowMs) {
      const at = evidence.lastSampleAtMs;
      return evidence.failure === null && at !== null && nowMs - at <= intervalsToStale * stepMs;
    },
  };
  return server;
}

function summaryOf(member: Member, { state, reason, sinceMs }: Judgement): ServerSummary {
  return {
    id: member.id,
    name: member.name,
    labels: member.labels,
    region: member.region,
    adminUrl: member.adminUrl,
    wsUrl: member.wsUrl,
    version: null,
    state,
    reason,
    sinceMs,
    lastSampleAtMs: null,
    latest: {},
  };
}
