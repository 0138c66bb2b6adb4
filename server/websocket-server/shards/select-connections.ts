import type { ConnectionsQuery } from "../../../lib/contract/service-api";
import type { Connection } from "../connections/connection";
import type { Connections } from "../connections/connections";
import type { Selection } from "./shard";
import { compareKeys } from "./sort-keys";

type SortKey = (connection: Connection) => number | string | null;

/** The first `atMost` connections that fit a query, in its order. */
export function selectConnections(
  connections: Connections,
  query: ConnectionsQuery,
  atMost: number,
  heartbeatTimeoutSeconds: number,
): Selection {
  const matches = findMatches(connections, query, heartbeatTimeoutSeconds);
  if (query.sort === undefined) {
    return { total: matches.length, ids: matches.slice(0, atMost).map(({ id }) => id), keys: null };
  }
  const keyOf = sortKey(query.sort, heartbeatTimeoutSeconds);
  const compare = compareKeys(query.order);
  const keyed = matches.map((connection) => ({ id: connection.id, key: keyOf(connection) }));
  const sorted = keyed.sort((a, b) => compare(a.key, b.key)).slice(0, atMost);
  return { total: matches.length, ids: sorted.map(({ id }) => id), keys: sorted.map(({ key }) => key) };
}

function findMatches(connections: Connections, query: ConnectionsQuery, timeout: number): Connection[] {
  const nowMs = Date.now();
  const now = performance.now();
  const text = query.q?.toLowerCase();
  const { topic, ip, state, min_buffered: minBuffered, idle_gt: idleAbove } = query;
  return [...connections.values()].filter(
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

function sortKey(sort: NonNullable<ConnectionsQuery["sort"]>, timeout: number): SortKey {
  const nowMs = Date.now();
  const now = performance.now();
  const keys: Record<typeof sort, SortKey> = {
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
  return keys[sort];
}
