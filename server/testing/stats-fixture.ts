import type { Stats } from "../../lib/contract/service-api";

/** Traffic of a made-up service, so that figures of a test follow from its age. */
export interface Traffic {
  connections: number;
  messagesOutPerSecond: number;
  /** Share of deliveries that took 100–250 ms; the others took 5–10 ms. */
  slowShare: number;
}

export const pushBoundsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** A valid answer of GET /stats of a service that is `uptimeMs` old. */
export function statsFixture(
  identity: { id: string; instanceId: string; startedAtMs: number },
  uptimeMs: number,
  traffic: Partial<Traffic> = {},
): Stats {
  const { connections = 100, messagesOutPerSecond = 1_000, slowShare = 0 } = traffic;
  const seconds = uptimeMs / 1_000;
  const out = Math.round(messagesOutPerSecond * seconds);
  const slow = Math.round(out * slowShare);
  const counts = pushBoundsMs.map(() => 0);
  counts[3] = out - slow;
  counts[7] = slow;
  return {
    server: {
      id: identity.id,
      instance_id: identity.instanceId,
      version: "1.0.0",
      pid: 4_242,
      started_at_ms: identity.startedAtMs,
      uptime_seconds: seconds,
      now_ms: identity.startedAtMs + Math.round(uptimeMs),
      state: "running",
      epoch: identity.instanceId,
      workers: 1,
      unavailable_workers: [],
      worker_restarts_total: 0,
      tls: null,
      node_version: "v20.20.2",
    },
    connections: {
      active_connections: connections,
      max_connections: 10_000,
      idle_connections: 3,
      idle_threshold_seconds: 300,
      zombie_connections: 2,
      by_state: { active: connections, half_open: 0, slow: 0, closing: 0 },
      opened_total: connections + Math.round(seconds),
      closed_total: Math.round(seconds),
      refused_total: 0,
      heartbeat_timeouts_total: 0,
      closed_by_code: { "1000": Math.round(seconds) },
      closed_by_side: { client: Math.round(seconds), server: 0, lost: 0 },
      refused_by_reason: {},
    },
    message_queue: { messages: 4, bytes: 800, oldest_ms: 2, dropped_total: 0, conflated_total: 0 },
    subscriptions: {
      active_subscriptions: connections * 2,
      topics: 200,
      subscribed_topics: 20,
      subscribed_total: connections * 2,
      unsubscribed_total: 0,
      top_topics: [{ topic: "ticker.BTC-USD", subscribers: 50, deliveries_per_second: 500 }],
      other_deliveries_per_second: 500,
      recovered_total: 0,
      gaps_total: 0,
    },
    messages: {
      in_total: Math.round(10 * seconds),
      out_total: out,
      in_bytes_total: Math.round(1_000 * seconds),
      out_bytes_total: out * 200,
      published_total: out,
      rejected_total: 0,
    },
    latency: {
      push: { bounds_ms: pushBoundsMs, counts: [...counts, 0], sum_ms: out * 7 },
      rtt: { bounds_ms: [1, 10, 100], counts: [0, 0, 0, 0], sum_ms: 0 },
    },
    memory: {
      rss_bytes: 100_000_001,
      heap_used_bytes: 40_000_000,
      heap_total_bytes: 60_000_000,
      heap_limit_bytes: 2_000_000_000,
      external_bytes: 1_000_000,
      array_buffers_bytes: 100_000,
      limit_bytes: 1_000_000_000,
      limit_source: "cgroup",
    },
    cpu: {
      user_seconds_total: seconds * 0.2,
      system_seconds_total: seconds * 0.1,
      available_cores: 2,
      event_loop_delay_p99_ms: 3,
      event_loop_utilization: 0.3,
      gc_seconds_total: seconds * 0.01,
      gc_total: Math.round(seconds),
    },
    system: {
      hostname: "test-host",
      platform: "linux",
      cores: 2,
      load_1m: 0.5,
      load_5m: 0.5,
      load_15m: 0.5,
      memory_total_bytes: 8_000_000_000,
      memory_free_bytes: 4_000_000_000,
      uptime_seconds: 1_000,
    },
    datasources: [],
    cache: { backend: "memory", entries: 200, bytes: 40_000, hits_total: 0, misses_total: 0 },
    config: {
      file: null,
      loaded_at_ms: identity.startedAtMs,
      last_reload_at_ms: null,
      last_reload_ok: null,
      conflicts: 0,
      overrides: 0,
    },
    logs: {
      file: null,
      level: "info",
      file_bytes: null,
      lines_total: 1,
      failed_writes_total: 0,
      last_failed_write_at_ms: null,
    },
  };
}
