import type { IncidentSummary, Marker, ServerSummary } from "../../../lib/contract/console-api";
import { serviceRoutes } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import { type Values, worstFirst } from "../../../lib/health";
import type { Logger } from "../../process/logger";
import { buildFrame, type FrameSource } from "../live/frame";
import type { Fleet } from "../runtime";
import { createBoard } from "./board";
import { createCollector } from "./collector";
import { createConnectionPages, type SeenPage } from "./connection-pages";
import { mismatch } from "./dialer";
import { createMemberClient, type MemberClient } from "./member-client";
import { groupByNetwork } from "./networks";
import { type BundledMember, bundledRegistry, readRegistry } from "./registry";
import type { WatchedServer } from "./watched-server";

export interface FleetDeps {
  pollIntervalMs: number;
  /** The fleet file; without one the bundled member is the fleet. */
  fleetFile: string | null;
  bundledMember: BundledMember | null;
  fleetName: string;
  environment: string;
  logger: Logger;
  now?: () => number;
  pollTimeoutMs?: number;
  /** Asked when a frame is made, so both may be built after the fleet. */
  actions: { markers(fromMs: number): Marker[] };
  incidents: { open(): IncidentSummary[] };
}

/** The fleet with what only the rest of the console's back end may use of it. */
export interface RunningFleet extends Fleet {
  start(): void;
  stop(): Promise<void>;
  /** For calls that people cause; polls have a connection of their own. Throws UNKNOWN_SERVER. */
  member(serverId: string): MemberClient;
  /** The newest good sample's values; empty before the first. Throws UNKNOWN_SERVER. */
  latest(serverId: string): Values;
  /** Called after each change; returns how to stop that. */
  onChange(listener: () => void): () => void;
  /** Tells listeners that markers or incidents changed. */
  changed(): void;
  /** The page that was answered under a view id; null once it is forgotten. */
  captureConnections(viewId: string): SeenPage | null;
  readonly frames: FrameSource;
}

const markersKeptMs = 15 * 60_000;

/** Throws INVALID_CONFIG when the fleet file is broken. */
export function createFleet(deps: FleetDeps): RunningFleet {
  const now = deps.now ?? Date.now;
  const members = deps.fleetFile ? readRegistry(deps.fleetFile) : bundledRegistry(deps.bundledMember);
  const stepMs = deps.pollIntervalMs;
  const board = createBoard({
    members,
    stepMs,
    now,
    logger: deps.logger,
    markers: (fromMs) => deps.actions.markers(fromMs),
    openIncidents: () => deps.incidents.open(),
  });
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const collector = createCollector({
    members,
    stepMs,
    now,
    logger: deps.logger,
    pollTimeoutMs: deps.pollTimeoutMs,
    onBatch: (batch) => {
      board.take(batch);
      tell();
    },
  });
  const clients = new Map<string, MemberClient>();
  const pages = createConnectionPages(now);
  let ticking: NodeJS.Timeout | null = null;

  function watched(serverId: string): WatchedServer {
    const server = board.watched.get(serverId);
    if (!server) throw new CodedError("UNKNOWN_SERVER", "no such server in the fleet", { serverId });
    return server;
  }

  function member(serverId: string): MemberClient {
    const server = watched(serverId);
    const client = clients.get(serverId) ?? createMemberClient(server.member);
    clients.set(serverId, client);
    return client;
  }

  const sorted = (): ServerSummary[] => [...board.watched.values()].map((s) => s.summary).sort(worstFirst);

  return {
    frames: board,
    start() {
      collector.start();
      ticking ??= setInterval(() => board.tick() && tell(), Math.min(stepMs, 1_000));
    },
    async stop() {
      if (ticking) clearInterval(ticking);
      ticking = null;
      listeners.clear();
      await collector.stop();
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
    member,
    latest: (serverId) => watched(serverId).summary.latest,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed() {
      if (board.tick()) tell();
    },
    captureConnections: (viewId) => pages.find(viewId),

    snapshot: () => ({
      fleetName: deps.fleetName,
      environment: deps.environment,
      atMs: now(),
      stepMs,
      servers: sorted(),
      aggregates: board.aggregates(),
      reporting: board.reporting(),
      markers: deps.actions.markers(now() - markersKeptMs),
      openIncidents: deps.incidents.open(),
    }),

    server(serverId) {
      const server = watched(serverId);
      const order = sorted().map((s) => s.id);
      const place = order.indexOf(serverId);
      return {
        fleetName: deps.fleetName,
        environment: deps.environment,
        atMs: now(),
        stepMs,
        server: server.summary,
        ...server.detail,
        topTopics: server.topTopics.topics,
        otherDeliveriesPerSecond: server.topTopics.otherDeliveriesPerSecond,
        previousServerId: order[place - 1] ?? null,
        nextServerId: order[place + 1] ?? null,
        markers: deps.actions.markers(now() - markersKeptMs).filter((m) => m.serverId === serverId),
        openIncidents: deps.incidents.open(),
      };
    },

    history({ keys, metrics, fromMs, toMs }) {
      const groups = new Set(board.groups());
      for (const key of keys) {
        if (key.startsWith("server:")) watched(key.slice("server:".length));
        else if (!groups.has(key)) {
          throw new CodedError("INVALID_QUERY", "no such series", { key });
        }
      }
      return board.history.window(keys, metrics, fromMs, toMs);
    },

    live(view, sinceMs) {
      if (view.kind === "server") watched(view.serverId);
      board.tick();
      return buildFrame(board, view, sinceMs === undefined ? null : board.changes.before(sinceMs));
    },

    async connections(serverId, query) {
      const { offset, limit, ...filters } = query;
      const { output, headers } = await member(serverId).exchange(serviceRoutes.connections, {
        query: { ...filters, limit, cursor: String(offset) },
      });
      const total = Number(headers["x-total-count"] ?? Number.NaN);
      if (!Number.isSafeInteger(total) || total < 0) {
        throw mismatch("schema", { path: "X-Total-Count", expected: "a count" });
      }
      const missingWorkers = String(headers["x-missing-workers"] ?? "")
        .split(/,\s*/)
        .filter(Boolean);
      return pages.keep(serverId, query, { rows: output, offset, total, missingWorkers, readAtMs: now() });
    },

    async connectionsByNetwork(serverId) {
      const addresses = await member(serverId).call(serviceRoutes.connectionsByIp);
      return { ...groupByNetwork(addresses), readAtMs: now() };
    },

    async recentlyClosed(serverId) {
      const closed = await member(serverId).call(serviceRoutes.closedConnections, { query: { limit: 200 } });
      return { ...closed, readAtMs: now() };
    },
  };
}
