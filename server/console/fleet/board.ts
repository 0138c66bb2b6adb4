import type { FleetSnapshot, IncidentSummary, Marker } from "../../../lib/contract/console-api";
import { type MetricName, metricNames } from "../../../lib/contract/metrics";
import type { Logger } from "../../process/logger";
import { createMemoryHistory, type MemoryHistory } from "../history/memory-history";
import { type ChangeLog, createChangeLog } from "../live/change-log";
import type { FrameSource } from "../live/frame";
import { aggregate, type Contribution } from "./aggregate";
import type { CollectorBatch } from "./batch";
import type { Member } from "./registry";
import { type WatchedServer, watchServer } from "./watched-server";

export interface BoardOptions {
  members: Member[];
  stepMs: number;
  now: () => number;
  logger: Logger;
  markers: (fromMs: number) => Marker[];
  openIncidents: () => IncidentSummary[];
}

/** All that is known of the fleet right now: servers, aggregates, history and what changed when. */
export interface Board extends FrameSource {
  readonly watched: ReadonlyMap<string, WatchedServer>;
  readonly history: MemoryHistory;
  take(batch: CollectorBatch): void;
  /** Judges every server by the time that has passed; true when something changed. */
  tick(): boolean;
  aggregates(): FleetSnapshot["aggregates"];
}

const markersKeptMs = 15 * 60_000;
const intervalsToStale = 3;

export function createBoard(options: BoardOptions): Board {
  const { stepMs, now, logger } = options;
  const history = createMemoryHistory(stepMs);
  const changes: ChangeLog = createChangeLog();
  const watched = new Map<string, WatchedServer>();
  const groups = new Map<string, WatchedServer[]>([["fleet", []]]);
  for (const member of options.members) {
    const server = watchServer(member, stepMs, now(), logger);
    watched.set(member.id, server);
    groups.get("fleet")?.push(server);
    const region = `region:${member.region}`;
    groups.set(region, [...(groups.get(region) ?? []), server]);
  }
  const mark = () => changes.mark(now());
  const watchedMarkers = remember(() => options.markers(now() - markersKeptMs), mark);
  const watchedIncidents = remember(options.openIncidents, mark);

  function aggregateSlot(slotMs: number): void {
    for (const [key, servers] of groups) {
      const contributions: Contribution[] = [];
      for (const server of servers) {
        const contribution = server.recent.contribution(slotMs);
        if (contribution) contributions.push(contribution);
      }
      // Nobody reports: a gap, written only over a row that counted on someone.
      if (contributions.length === 0 && history.read(key, slotMs) === null) continue;
      history.write(key, slotMs, aggregate(contributions));
      changes.record(key, slotMs, now());
    }
  }

  return {
    watched,
    history,
    changes,
    stepMs,
    nowMs: now,

    take(batch) {
      const slots = new Set<number>();
      for (const outcome of batch.outcomes) {
        const server = watched.get(outcome.serverId);
        if (!server) continue;
        if (server.take(outcome, mark) && outcome.sample) {
          const key = `server:${outcome.serverId}`;
          history.write(key, outcome.slotMs, outcome.sample.values);
          changes.record(key, outcome.slotMs, now());
        }
        server.judge(now(), mark);
        slots.add(outcome.slotMs);
      }
      for (const slotMs of [...slots].sort((a, b) => a - b)) aggregateSlot(slotMs);
    },

    tick() {
      const before = changes.newest();
      for (const server of watched.values()) server.judge(now(), mark);
      watchedMarkers();
      watchedIncidents();
      return changes.newest() !== before;
    },

    aggregates() {
      const result: FleetSnapshot["aggregates"] = {};
      for (const key of groups.keys()) {
        const slotMs = history.newestSlotMs(key);
        const fresh = slotMs !== null && now() - slotMs <= (intervalsToStale + 1) * stepMs;
        const values = fresh ? history.read(key, slotMs) : null;
        const named: Partial<Record<MetricName, number | null>> = {};
        for (const [i, name] of metricNames.entries()) if (values) named[name] = values[i] ?? null;
        result[key] = named;
      }
      return result;
    },

    servers: () => watched.values(),
    server: (serverId) => watched.get(serverId),
    groups: () => groups.keys(),
    newestSlotMs: (key) => history.newestSlotMs(key),
    read: (key, slotMs) => history.read(key, slotMs),
    reporting() {
      let reporting = 0;
      for (const server of watched.values()) if (server.reporting(now())) reporting++;
      return reporting;
    },
    markers() {
      const { value, sequence } = watchedMarkers();
      return { markers: value, sequence };
    },
    openIncidents() {
      const { value, sequence } = watchedIncidents();
      return { incidents: value, sequence };
    },
  };
}

/** Asks for a value that others own, and numbers the moment at which it was first seen to have changed. */
function remember<T>(ask: () => T, mark: () => number): () => { value: T; sequence: number } {
  let text = "[]";
  let sequence = 0;
  return () => {
    const value = ask();
    const found = JSON.stringify(value);
    if (found !== text) {
      text = found;
      sequence = mark();
    }
    return { value, sequence };
  };
}
