import type { ConnectionsQuery } from "../../../lib/contract/service-api";
import { idleThresholdSeconds } from "../connections/connections";
import { describeConnection } from "../connections/describe";
import type { Heartbeat } from "../heartbeat";
import { readShardFigures, type ShardParts } from "../stats/shard-figures";
import type { Subscriptions } from "../topics/subscriptions";
import { AddressWatches } from "./address-watches";
import { closeZombie, findZombies } from "./close-zombies";
import { goodbye, sayGoodbye } from "./say-goodbye";
import { selectConnections } from "./select-connections";
import type { Shard } from "./shard";
import { endSubscriptions, readTopicHolders } from "./topic-holders";

/** What the listener asks before it takes a connection. */
export interface Gate {
  accepting: boolean;
}

/** The connections of this very process. */
export function createLocalShard(
  parts: ShardParts & { subscriptions: Subscriptions; heartbeat: Heartbeat; gate: Gate },
): Shard {
  const { connections, topics, subscriptions, heartbeat, settings, gate } = parts;
  const watches = new AddressWatches(connections);
  const heartbeatTimeout = () => settings()["heartbeat.timeout"];
  return {
    worker: parts.worker,
    figures: async () => readShardFigures(parts),

    selectConnections: async (query: ConnectionsQuery, atMost) =>
      selectConnections(connections, query, atMost, heartbeatTimeout()),
    async connectionRows(ids) {
      const nowMs = Date.now();
      const now = performance.now();
      const timeout = heartbeatTimeout();
      return ids.flatMap((id) => connections.find(id)?.row(nowMs, now, timeout) ?? []);
    },
    connection: async (id) => {
      const found = connections.find(id);
      return found === undefined ? null : describeConnection(found, parts.worker, heartbeatTimeout());
    },
    async closeConnection(id, code, reason) {
      const found = connections.find(id);
      if (found === undefined) return false;
      found.close(code, reason);
      return true;
    },
    async connectionsByIp() {
      const now = performance.now();
      const counts = new Map<string, { connections: number; idle: number }>();
      for (const connection of connections.values()) {
        const entry = counts.get(connection.remoteIp) ?? { connections: 0, idle: 0 };
        entry.connections++;
        if (connection.idleSeconds(now) > idleThresholdSeconds) entry.idle++;
        counts.set(connection.remoteIp, entry);
      }
      return [...counts].map(([remote_ip, entry]) => ({ remote_ip, ...entry }));
    },
    closedConnections: async (limit, side) => ({
      closes: connections.closes.newest(limit, side),
      lifetimes: connections.closes.lifetimes(),
    }),

    topicHolders: async () => readTopicHolders(topics, connections, heartbeatTimeout()),
    endSubscriptions: async (ends) =>
      endSubscriptions(ends, { topics, connections, subscriptions }, heartbeatTimeout()),

    zombies: async (filter) => findZombies(connections, filter),
    async ping(ids) {
      for (const id of ids) {
        const connection = connections.find(id);
        if (connection?.open) heartbeat.ping(connection);
      }
    },
    unanswered: async (ids) =>
      ids.filter((id) => {
        const connection = connections.find(id);
        return connection?.open === true && connection.pingSentAt > 0;
      }),
    closeZombies: async (zombies, filter, pinged) =>
      zombies.map((zombie) => closeZombie(connections.find(zombie.id), zombie.kind, filter, pinged)),
    countLeft: async (ids) => ids.filter((id) => connections.find(id) !== undefined).length,
    watchAddresses: async (watch, ips) => watches.add(watch, ips),
    cameBack: async (watch) => watches.cameBack(watch),
    endWatch: async (watch) => watches.end(watch),

    async setAccepting(accepting) {
      gate.accepting = accepting;
    },
    connectionIds: async () => [...connections.values()].map(({ id }) => id),
    async goodbye(ids, code, reason, graceMs) {
      const open = ids.flatMap((id) => connections.find(id) ?? []).filter((connection) => connection.open);
      for (const connection of open) goodbye(connection, code, reason, graceMs);
      return open.length;
    },
    sayGoodbye: (timeoutMs) => sayGoodbye(connections, timeoutMs),
  };
}
