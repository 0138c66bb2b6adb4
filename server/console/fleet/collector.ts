import { serviceRoutes } from "../../../lib/contract/routes";
import type { Stats } from "../../../lib/contract/service-api";
import { isCodedError } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import type { CollectorBatch, PollOutcome, ServerSample } from "./batch";
import { failureOfPoll } from "./failure-of-poll";
import { createMemberClient, type MemberClient } from "./member-client";
import type { Member } from "./registry";
import { type Reading, valuesOfStats } from "./values-of-stats";

export interface CollectorOptions {
  members: Pick<Member, "id" | "adminUrl" | "token">[];
  stepMs: number;
  now: () => number;
  logger: Logger;
  /** From the start of a poll to its last byte. */
  pollTimeoutMs?: number;
  maxStatsBytes?: number;
  onBatch: (batch: CollectorBatch) => void;
}

export interface Collector {
  start(): void;
  stop(): Promise<void>;
}

/** Outcomes that come close together travel in one batch. */
const gatherMs = 20;

/**
 * Polls each member once an interval, at a moment of the interval that follows from its id, so that polls
 * are spread. A poll that takes longer than the interval makes its member skip slots, never overlap.
 */
export function createCollector(options: CollectorOptions): Collector {
  const { stepMs, now, logger, onBatch } = options;
  const pollTimeoutMs = options.pollTimeoutMs ?? Math.min(5_000, Math.max(1_000, 2 * stepMs));
  const maxBytes = options.maxStatsBytes ?? 1_048_576;
  const lanes: Lane[] = options.members.map((member) => ({
    id: member.id,
    offsetMs: spreadOf(member.id) % stepMs,
    client: createMemberClient(member, {
      timeoutMs: pollTimeoutMs,
      connectTimeoutMs: pollTimeoutMs,
      maxBytes,
    }),
    before: null,
    dueMs: 0,
    timer: null,
  }));
  let running = false;
  let gathered: PollOutcome[] = [];
  let gathering: NodeJS.Timeout | null = null;

  function hand(outcome: PollOutcome): void {
    gathered.push(outcome);
    gathering ??= setTimeout(() => {
      const outcomes = gathered;
      gathered = [];
      gathering = null;
      if (running) onBatch({ atMs: now(), outcomes });
    }, gatherMs);
  }

  function schedule(lane: Lane): void {
    if (!running) return;
    lane.dueMs = nextDue(now(), lane.dueMs, lane.offsetMs, stepMs);
    lane.timer = setTimeout(() => {
      lane.timer = null;
      poll(lane)
        .then(
          (outcome) => outcome && hand(outcome),
          (error: unknown) =>
            logger.error("poll failed in the console", { server: lane.id, error: String(error) }),
        )
        .finally(() => schedule(lane));
    }, lane.dueMs - now());
  }

  async function poll(lane: Lane): Promise<PollOutcome | null> {
    const startedAtMs = now();
    const slotMs = lane.dueMs - lane.offsetMs;
    try {
      const stats = await lane.client.call(serviceRoutes.stats);
      const reading = { atMs: now(), stats };
      const sample = sampleOf(reading, lane.before);
      lane.before = reading;
      return { serverId: lane.id, slotMs, startedAtMs, atMs: reading.atMs, sample, failure: null };
    } catch (error) {
      const failure = isCodedError(error) ? failureOfPoll(error) : null;
      if (failure) return { serverId: lane.id, slotMs, startedAtMs, atMs: now(), sample: null, failure };
      if (!running) return null;
      throw error;
    }
  }

  return {
    start() {
      if (running) return;
      running = true;
      for (const lane of lanes) schedule(lane);
    },
    async stop() {
      running = false;
      if (gathering) clearTimeout(gathering);
      gathering = null;
      for (const lane of lanes) if (lane.timer) clearTimeout(lane.timer);
      await Promise.all(lanes.map((lane) => lane.client.close()));
    },
  };
}

interface Lane {
  id: string;
  offsetMs: number;
  client: MemberClient;
  before: Reading | null;
  dueMs: number;
  timer: NodeJS.Timeout | null;
}

function sampleOf(reading: Reading, before: Reading | null): ServerSample {
  const { stats } = reading;
  const { values, push } = valuesOfStats(reading, before);
  return {
    values,
    push,
    draining: stats.server.state === "draining",
    workers: stats.server.workers,
    version: stats.server.version,
    detail: detailOf(stats),
  };
}

function detailOf({ server, connections, subscriptions }: Stats): ServerSample["detail"] {
  return {
    pid: server.pid,
    startedAtMs: server.started_at_ms,
    byState: connections.by_state,
    closedByCode: connections.closed_by_code,
    closedBySide: connections.closed_by_side,
    topTopics: subscriptions.top_topics,
    otherDeliveriesPerSecond: subscriptions.other_deliveries_per_second,
  };
}

/** The next moment for a member after `nowMs`; a timer that fired early must not poll one slot twice. */
export function nextDue(nowMs: number, dueBeforeMs: number, offsetMs: number, stepMs: number): number {
  const next = Math.floor((nowMs - offsetMs) / stepMs) * stepMs + offsetMs + stepMs;
  return next === dueBeforeMs ? next + stepMs : next;
}

/** FNV-1a of an id. */
export function spreadOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
