import type { Connection } from "../connections/connection";
import type { Connections } from "../connections/connections";
import type { CloseOutcome } from "./shard";
import { type CleanupFilter, type Zombie, type ZombieKind, zombieKind } from "./zombies";

/** Private use (RFC 6455, section 7.4.2): the operators of this server closed an unused connection. */
export const cleanupCloseCode = 4001;
export const closeGraceMs = 1_000;

export function findZombies(connections: Connections, filter: CleanupFilter): Zombie[] {
  const now = performance.now();
  const found: Zombie[] = [];
  for (const connection of connections.values()) {
    const kind = connection.open ? zombieKind(connection, filter, now) : null;
    if (kind === null) continue;
    found.push({
      id: connection.id,
      kind,
      remoteIp: connection.remoteIp,
      bufferedBytes: connection.outbound.bytes,
      queuedMessages: connection.outbound.messages,
      idleSeconds: connection.idleSeconds(now),
    });
  }
  return found;
}

/** Closes a connection if it is still what it was chosen for. */
export function closeZombie(
  connection: Connection | undefined,
  kind: ZombieKind,
  filter: CleanupFilter,
  pinged: boolean,
): CloseOutcome {
  if (!connection?.open) return "already_gone";
  if (zombieKind(connection, filter, performance.now()) === null) return "spared";
  if (pinged && connection.pingSentAt === 0) return "spared";
  connection.close(cleanupCloseCode, `clean-up: ${kind}`, closeGraceMs);
  return "closed";
}
