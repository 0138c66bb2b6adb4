import type { serviceRoutes } from "../../../lib/contract/routes";
import type { ConnectionsQuery } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import type { Connection } from "../connections/connection";
import { idleThresholdSeconds } from "../connections/connections";
import type { ServiceContext } from "../context";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

/** Rows written at one go; between two of them the event loop gets its turn. */
const rowsAChunk = 500;

export const connections: Handler<Routes["connections"]> = ({ service, query }) => {
  const matches = selectConnections(service, query);
  sortConnections(matches, query, service);
  const offset = readCursor(query.cursor);
  const page = matches.slice(offset, query.limit === undefined ? undefined : offset + query.limit);
  const headers = new Headers({
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Total-Count": String(matches.length),
  });
  if (offset + page.length < matches.length) headers.set("X-Next-Cursor", String(offset + page.length));
  return new Response(streamRows(page, service), { headers });
};

export const connectionsByIp: Handler<Routes["connectionsByIp"]> = ({ service }) => {
  const nowMs = Date.now();
  const counts = new Map<string, { connections: number; idle: number }>();
  for (const connection of service.connections.values()) {
    const entry = counts.get(connection.remoteIp) ?? { connections: 0, idle: 0 };
    entry.connections++;
    if (connection.idleSeconds(nowMs) > idleThresholdSeconds) entry.idle++;
    counts.set(connection.remoteIp, entry);
  }
  return [...counts]
    .map(([remote_ip, entry]) => ({ remote_ip, ...entry }))
    .sort((a, b) => b.connections - a.connections);
};

export const closedConnections: Handler<Routes["closedConnections"]> = ({ service, query }) => ({
  closes: service.connections.closes.newest(query.limit ?? 100, query.side),
  lifetimes: service.connections.closes.lifetimes(),
});

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw new CodedError("INVALID_CURSOR", "not a cursor of this list");
  return Number(cursor);
}

function selectConnections(service: ServiceContext, query: ConnectionsQuery): Connection[] {
  const nowMs = Date.now();
  const now = performance.now();
  const timeout = service.settings()["heartbeat.timeout"];
  const text = query.q?.toLowerCase();
  const { topic, ip, state, min_buffered: minBuffered, idle_gt: idleAbove } = query;
  return [...service.connections.values()].filter(
    (c) =>
      (ip === undefined || c.remoteIp === ip) &&
      (topic === undefined || c.subscriptions.has(topic)) &&
      (minBuffered === undefined || c.outbound.bytes >= minBuffered) &&
      (idleAbove === undefined || c.idleSeconds(nowMs) > idleAbove) &&
      (state === undefined || c.state(now, timeout) === state) &&
      (text === undefined ||
        c.id.includes(text) ||
        c.remoteIp.includes(text) ||
        c.userAgent.toLowerCase().includes(text)),
  );
}

type SortKey = (connection: Connection) => number | string | null;

function sortConnections(matches: Connection[], query: ConnectionsQuery, service: ServiceContext): void {
  if (query.sort === undefined) return;
  const nowMs = Date.now();
  const now = performance.now();
  const timeout = service.settings()["heartbeat.timeout"];
  const keys: Record<NonNullable<ConnectionsQuery["sort"]>, SortKey> = {
    id: (c) => c.id,
    remote_ip: (c) => c.remoteIp,
    user_agent: (c) => c.userAgent,
    connected_at_ms: (c) => c.connectedAtMs,
    idle_time: (c) => c.idleSeconds(nowMs),
    subscriptions: (c) => c.subscriptions.size,
    buffered_bytes: (c) => c.outbound.bytes,
    messages_in_total: (c) => c.messagesIn,
    messages_out_total: (c) => c.messagesOut,
    rtt_ms: (c) => c.rttMs,
    state: (c) => c.state(now, timeout),
  };
  const keyOf = keys[query.sort];
  const direction = query.order === "desc" ? -1 : 1;
  const values = new Map(matches.map((connection) => [connection, keyOf(connection)]));
  matches.sort((left, right) => {
    const a = values.get(left) ?? null;
    const b = values.get(right) ?? null;
    // What is not known stands last, whichever way the rest is sorted.
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return a < b ? -direction : a > b ? direction : 0;
  });
}

function streamRows(page: Connection[], service: ServiceContext): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (next > 0) await new Promise((resolve) => setImmediate(resolve));
      const nowMs = Date.now();
      const now = performance.now();
      const timeout = service.settings()["heartbeat.timeout"];
      const rows = page.slice(next, next + rowsAChunk);
      const text = rows.map((connection) => JSON.stringify(connection.row(nowMs, now, timeout))).join(",\n");
      const opening = next === 0 ? "[" : ",\n";
      next += rows.length;
      const done = next >= page.length;
      controller.enqueue(encoder.encode(`${opening}${text}${done ? "]" : ""}`));
      if (done) controller.close();
    },
  });
}
