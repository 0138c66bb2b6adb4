import type { CleanupRequest } from "../../../lib/contract/service-api";
import type { Connection } from "../connections/connection";
import { idleThresholdSeconds, stuckThresholdSeconds } from "../connections/connections";

export type ZombieKind = "idle" | "stuck" | "listed";

/** A connection that a clean-up would close, with what such connections are ranked by. */
export interface Zombie {
  id: string;
  kind: ZombieKind;
  remoteIp: string;
  bufferedBytes: number;
  queuedMessages: number;
  idleSeconds: number;
}

export interface CleanupFilter
  extends Pick<CleanupRequest, "idle_seconds" | "include_subscribed" | "ip" | "topic" | "min_buffered"> {
  ids?: ReadonlySet<string>;
}

/**
 * Why a clean-up with this filter closes a connection, null when it doesn't. Every field narrows: `ids` to
 * those named (who need not be idle unless `idle_seconds` is given too), `ip`, `topic` and `min_buffered` to
 * those they fit. Without `ids` a connection must have been idle without subscriptions, or be stuck.
 */
export function zombieKind(connection: Connection, filter: CleanupFilter, now: number): ZombieKind | null {
  if (filter.ip !== undefined && connection.remoteIp !== filter.ip) return null;
  if (filter.topic !== undefined && !connection.subscriptions.has(filter.topic)) return null;
  if (filter.min_buffered !== undefined && connection.outbound.bytes < filter.min_buffered) return null;
  const idle = connection.idleSeconds(now) > (filter.idle_seconds ?? idleThresholdSeconds);
  if (filter.ids !== undefined) {
    if (!filter.ids.has(connection.id)) return null;
    return filter.idle_seconds === undefined || idle ? "listed" : null;
  }
  if (connection.stuckSeconds(now) > stuckThresholdSeconds) return "stuck";
  const subscribedToo = filter.include_subscribed === true;
  return idle && (subscribedToo || connection.subscriptions.size === 0) ? "idle" : null;
}
