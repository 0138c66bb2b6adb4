import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../connections/connection";
import type { Connections } from "../connections/connections";

/** The share of the time limit over which goodbyes are spread; the rest is for clients to answer. */
const pacedShare = 0.5;
const fastestPerSecond = 1_000;
const closeGraceMs = 1_000;

/** Ends all connections, at a pace that lets clients come back elsewhere. */
export async function sayGoodbye(connections: Connections, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const open = [...connections.values()];
  const gapMs = Math.min(1_000 / fastestPerSecond, (timeoutMs * pacedShare) / Math.max(1, open.length));
  const startedAt = performance.now();
  for (const [index, connection] of open.entries()) {
    const early = startedAt + index * gapMs - performance.now();
    if (early > 1) await wait(early);
    if (!connection.open) continue;
    goodbye(connection, 1001, "shutting down", Math.min(closeGraceMs, timeoutMs * pacedShare));
  }
  while (connections.size > 0 && performance.now() < deadline) await wait(10);
  for (const connection of connections.values()) connection.ws.terminate();
}

/** Tells one client why it is closed and when to come back. */
export function goodbye(connection: Connection, code: number, reason: string, graceMs: number): void {
  // Spread, so that the clients don't all come back in the same instant.
  const retry_after_ms = Math.round(500 + Math.random() * 2_500);
  connection.send({ op: "goodbye", code, reason, retry_after_ms });
  connection.close(code, reason, graceMs);
}
