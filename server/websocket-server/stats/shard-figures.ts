import type { Histogram, Stats } from "../../../lib/contract/service-api";
import type { Settings } from "../config/schema";
import type { Connections } from "../connections/connections";
import type { CloseSide, Counters } from "../counters";
import type { Topics } from "../topics/topics";
import { type Survey, surveyConnections } from "./survey";

/** What one shard counts; added up over all of them. */
export interface ShardFigures {
  worker: string;
  active: number;
  idle: number;
  zombies: number;
  byState: Stats["connections"]["by_state"];
  opened: number;
  closed: number;
  heartbeatTimeouts: number;
  closedByCode: [code: number, count: number][];
  closedBySide: Record<CloseSide, number>;
  refusedByReason: [reason: string, count: number][];
  queuedMessages: number;
  queuedBytes: number;
  oldestMs: number;
  dropped: number;
  conflated: number;
  activeSubscriptions: number;
  subscribed: number;
  unsubscribed: number;
  recovered: number;
  gaps: number;
  /** Topics with subscribers or deliveries here. */
  topics: { topic: string; subscribers: number; deliveriesPerSecond: number }[];
  messagesIn: number;
  messagesOut: number;
  bytesIn: number;
  bytesOut: number;
  rejected: number;
  cacheHits: number;
  cacheMisses: number;
  pushLatency: Histogram;
  rtt: Histogram;
}

export interface ShardParts {
  worker: string;
  settings(): Settings;
  counters: Counters;
  connections: Connections;
  topics: Topics;
}

/** The part that costs the same however many connections and topics there are. */
export type ShardCounts = Omit<ShardFigures, keyof Survey | "topics">;

export function readShardFigures(parts: ShardParts): ShardFigures {
  const { settings, connections, topics } = parts;
  const nowMs = Date.now();
  const survey = surveyConnections(connections, settings()["heartbeat.timeout"], performance.now());
  const busy: ShardFigures["topics"] = [];
  for (const topic of topics.values()) {
    const deliveriesPerSecond = topic.deliveries.perSecond(nowMs);
    if (topic.subscribers.size > 0 || deliveriesPerSecond > 0) {
      busy.push({ topic: topic.name, subscribers: topic.subscribers.size, deliveriesPerSecond });
    }
  }
  return { ...readShardCounts(parts), ...survey, topics: busy };
}

export function readShardCounts({ worker, counters, connections }: ShardParts): ShardCounts {
  return {
    worker,
    active: connections.size,
    opened: counters.opened,
    closed: counters.closed,
    heartbeatTimeouts: counters.heartbeatTimeouts,
    closedByCode: [...counters.closedByCode],
    closedBySide: { ...counters.closedBySide },
    refusedByReason: [...counters.refusedByReason],
    queuedMessages: counters.queuedMessages,
    queuedBytes: counters.queuedBytes,
    dropped: counters.dropped,
    conflated: counters.conflated,
    activeSubscriptions: counters.activeSubscriptions,
    subscribed: counters.subscribed,
    unsubscribed: counters.unsubscribed,
    recovered: counters.recovered,
    gaps: counters.gaps,
    messagesIn: counters.messagesIn,
    messagesOut: counters.messagesOut,
    bytesIn: counters.bytesIn,
    bytesOut: counters.bytesOut,
    rejected: counters.rejected,
    cacheHits: counters.cacheHits,
    cacheMisses: counters.cacheMisses,
    pushLatency: counters.pushLatency.read(),
    rtt: counters.rtt.read(),
  };
}
