import type { ConnectionsQuery } from "../../../lib/contract/service-api";
import type { Connection } from "../connections/connection";
import type { Connections } from "../connections/connections";
import { Turns } from "../turns";
import type { Selection } from "./shard";
import { sortInTurns } from "./sort-in-turns";
import { compareKeys } from "./sort-keys";

type SortKey = (connection: Connection) => number | string | null;

/** Looked at between two looks at the clock. */
const stride = 256;

/** The first `atMost` connections that fit a query, in its order. */
export async function selectConnections(
  connections: Connections,
  query: ConnectionsQuery,
  atMost: number,
  heartbeatTimeoutSeconds: number,
): Promise<Selection> {
  const turns = new Turns();
  const fits = condition(query, heartbeatTimeoutSeconds);
  const keyOf = query.sort === undefined ? () => null : sortKey(query.sort, heartbeatTimeoutSeconds);
  const found: { id: string; key: number | string | null }[] = [];
  let looked = 0;
  for (const connection of [...connections.values()]) {
    if (fits(connection)) found.push({ id: connection.id, key: keyOf(connection) });
    if (++looked % stride === 0 && turns.due) await turns.next();
  }
  const compare = compareKeys(query.order);
  const sorted =
    query.sort === undefined ? found : await sortInTurns(found, (a, b) => compare(a.key, b.key), turns);
  const ids: string[] = [];
  const keys: (number | string | null)[] | null = query.sort === undefined ? null : [];
  for (let i = 0; i < Math.min(atMost, sorted.length); i++) {
    const { id, key } = sorted[i] as (typeof sorted)[number];
    ids.push(id);
    keys?.push(key);
    if (i % stride === 0 && turns.due) await turns.next();
  }
  return { total: found.length, ids, keys };
}

function condition(query: ConnectionsQuery, timeout: number): (connection: Connection) => boolean {
  const now = performance.now();
  const text = query.q?.toLowerCase();
  const { topic, ip, state, min_buffered: minBuffered, idle_gt: idleAbove } = query;
  return (c) =>
    (ip === undefined || c.remoteIp === ip) &&
    (topic === undefined || c.subscriptions.has(topic)) &&
    (minBuffered === undefined || c.outbound.bytes >= minBuffered) &&
    (idleAbove === undefined || c.idleSeconds(now) > idleAbove) &&
    (state === undefined || c.state(now, timeout) === state) &&
    (text === undefined ||
      c.id.includes(text) ||
      c.remoteIp.includes(text) ||
      c.userAgent.toLowerCase().includes(text));
}

function sortKey(sort: NonNullable<ConnectionsQuery["sort"]>, timeout: number): SortKey {
  const now = performance.now();
  const keys: Record<typeof sort, SortKey> = {
    id: (c) => c.id,
    remote_ip: (c) => c.remoteIp,
    user_agent: (c) => c.userAgent,
    connected_at_ms: (c) => c.connectedAtMs,
    idle_time: (c) => c.idleSeconds(now),
    subscriptions: (c) => c.subscriptions.size,
    buffered_bytes: (c) => c.outbound.bytes,
    messages_in_total: (c) => c.messagesIn,
    messages_out_total: (c) => c.messagesOut,
    rtt_ms: (c) => c.rttMs,
    state: (c) => c.state(now, timeout),
  };
  return keys[sort];
}
