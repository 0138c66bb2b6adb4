import type { Action } from "../../../lib/contract/console-api";
import type { MetricName } from "../../../lib/contract/metrics";
import type { ActionFleet } from "./action-fleet";

const compared = [
  "active_connections",
  "idle_connections",
  "zombie_connections",
  "messages_out_per_second",
  "queue_messages",
  "queue_bytes",
  "push_latency_p50_ms",
  "push_latency_p95_ms",
  "push_latency_p99_ms",
  "rss_bytes",
  "heap_used_bytes",
  "cpu_cores",
  "active_subscriptions",
] as const satisfies MetricName[];

/** The newest figures if they are no older than `sinceMs`; null when the server has not told any since. */
export function readingSince(fleet: ActionFleet, serverId: string, sinceMs: number): Action["before"] | null {
  const { server } = fleet.server(serverId);
  if (server.lastSampleAtMs === null || server.lastSampleAtMs < sinceMs) return null;
  return Object.fromEntries(compared.map((metric) => [metric, server.latest[metric] ?? null]));
}

/** The figures of now; empty when the newest sample is too old to stand for it. */
export function readingNow(fleet: ActionFleet, serverId: string, nowMs: number): Action["before"] {
  const { stepMs } = fleet.server(serverId);
  return readingSince(fleet, serverId, nowMs - 3 * stepMs - 2_000) ?? {};
}
