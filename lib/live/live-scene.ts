import type {
  FleetSnapshot,
  IncidentSummary,
  Marker,
  ServerDetail,
  ServerSummary,
} from "../contract/console-api";
import type { LiveFrame } from "../contract/live";
import type { Values } from "../health";
import type { ConnectionState } from "./connection-state";

/** What the page draws from: a new object at each flush, with the parts that did not change kept. */
export interface LiveScene {
  fleet: FleetSnapshot;
  servers: ReadonlyMap<string, ServerSummary>;
  detail: ServerDetail | null;
  /** The console's clock at the newest frame. */
  atMs: number;
  /** Right end of the charts. */
  windowEndMs: number;
  rangeMs: number;
  paused: { atMs: number; waiting: number } | null;
  frozen: boolean;
  connection: ConnectionState;
  /** Grows with each flush. */
  version: number;
}

/** What a page's server rendered it with. */
export interface Seed {
  fleet?: FleetSnapshot;
  detail?: ServerDetail;
}

/** A scene with data that is newer than its own; the same object when none is. */
export function seeded(scene: LiveScene, seed: Seed): LiveScene {
  const { fleet, detail } = seed;
  let next = scene;
  if (fleet && fleet.atMs > next.fleet.atMs) {
    next = { ...next, fleet, servers: new Map(fleet.servers.map((s) => [s.id, s])) };
  }
  if (detail && (detail.server.id !== next.detail?.server.id || detail.atMs > next.detail.atMs)) {
    next = { ...next, detail, servers: new Map(next.servers).set(detail.server.id, detail.server) };
  }
  return next;
}

export function withIncidents(scene: LiveScene, openIncidents: IncidentSummary[]): LiveScene {
  const { detail, fleet } = scene;
  return { ...scene, fleet: { ...fleet, openIncidents }, detail: detail && { ...detail, openIncidents } };
}

/** The scene after a frame; `newest` are the values of the frame's rows that are the newest of their series. */
export function withFrame(
  scene: LiveScene,
  frame: LiveFrame,
  newest: ReadonlyMap<string, Values>,
): LiveScene {
  const servers = new Map(scene.servers);
  const aggregates = { ...scene.fleet.aggregates };
  for (const [key, latest] of newest) {
    if (!key.startsWith("server:")) {
      aggregates[key] = latest;
      continue;
    }
    const server = servers.get(key.slice("server:".length));
    if (server) servers.set(server.id, { ...server, latest: { ...server.latest, ...latest } });
  }
  for (const [serverId, state, reason, sinceMs, lastSampleAtMs] of frame.states) {
    const server = servers.get(serverId);
    if (server) servers.set(serverId, { ...server, state, reason, sinceMs, lastSampleAtMs });
  }
  const markers = mergeMarkers(frame.full ? [] : scene.fleet.markers, frame.markers);
  return {
    ...scene,
    servers,
    atMs: frame.atMs,
    windowEndMs: Math.max(scene.windowEndMs, frame.atMs),
    fleet: {
      ...scene.fleet,
      atMs: frame.atMs,
      stepMs: frame.stepMs,
      reporting: frame.reporting,
      servers: scene.fleet.servers.map((server) => servers.get(server.id) ?? server),
      aggregates,
      markers,
    },
    detail: detailAfter(scene.detail, frame, servers, markers),
  };
}

function detailAfter(
  detail: ServerDetail | null,
  frame: LiveFrame,
  servers: ReadonlyMap<string, ServerSummary>,
  markers: Marker[],
): ServerDetail | null {
  if (!detail) return null;
  const topics = frame.topTopics && {
    topTopics: frame.topTopics.topics,
    otherDeliveriesPerSecond: frame.topTopics.otherDeliveriesPerSecond,
  };
  return { ...detail, ...topics, server: servers.get(detail.server.id) ?? detail.server, markers };
}

function mergeMarkers(before: readonly Marker[], changed: readonly Marker[]): Marker[] {
  const byId = new Map(before.map((marker) => [marker.actionId, marker]));
  for (const marker of changed) byId.set(marker.actionId, marker);
  return [...byId.values()].sort((a, b) => a.atMs - b.atMs);
}
