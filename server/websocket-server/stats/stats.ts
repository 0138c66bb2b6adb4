import { cpus, freemem, hostname, loadavg, totalmem, uptime } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Stats } from "../../../lib/contract/service-api";
import manifest from "../../../package.json" with { type: "json" };
import { idleThresholdSeconds } from "../connections/connections";
import type { ServiceContext } from "../context";
import { readAvailableCores } from "../host/available-cores";
import { readAvailableMemory, readMemoryLimit } from "../host/memory-limit";
import { surveyConnections } from "./survey";
import { rankTopics } from "./top-topics";

const cores = cpus().length;

/** All figures of the service at this moment: what /stats answers and /metrics is made from. */
export function buildStats(context: ServiceContext): Stats {
  const { config, counters, topics, connections, log, gc } = context;
  const settings = context.settings();
  const nowMs = Date.now();
  const survey = surveyConnections(context, nowMs, performance.now());
  const memory = process.memoryUsage();
  const limit = readMemoryLimit();
  const cpu = process.cpuUsage();
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
  return {
    server: {
      id: context.serverId,
      instance_id: context.instanceId,
      version: manifest.version,
      pid: process.pid,
      started_at_ms: context.startedAtMs,
      uptime_seconds: Math.max(0, nowMs - context.startedAtMs) / 1_000,
      now_ms: nowMs,
      state: context.draining() ? "draining" : "running",
      epoch: topics.epoch,
      workers: 1,
      node_version: process.versions.node,
    },
    connections: {
      active_connections: connections.size,
      max_connections: settings["connections.max"],
      idle_connections: survey.idle,
      idle_threshold_seconds: idleThresholdSeconds,
      zombie_connections: survey.zombies,
      by_state: survey.byState,
      opened_total: counters.opened,
      closed_total: counters.closed,
      refused_total: counters.refused,
      heartbeat_timeouts_total: counters.heartbeatTimeouts,
      closed_by_code: Object.fromEntries(counters.closedByCode),
      closed_by_side: { ...counters.closedBySide },
      refused_by_reason: Object.fromEntries(counters.refusedByReason),
    },
    message_queue: {
      messages: counters.queuedMessages,
      bytes: counters.queuedBytes,
      oldest_ms: survey.oldestMs,
      dropped_total: counters.dropped,
      conflated_total: counters.conflated,
    },
    subscriptions: {
      active_subscriptions: counters.activeSubscriptions,
      topics: topics.size,
      subscribed_topics: topics.subscribedTopics,
      subscribed_total: counters.subscribed,
      unsubscribed_total: counters.unsubscribed,
      ...rankTopics(topics, nowMs),
      recovered_total: counters.recovered,
      gaps_total: counters.gaps,
    },
    messages: {
      in_total: counters.messagesIn,
      out_total: counters.messagesOut,
      in_bytes_total: counters.bytesIn,
      out_bytes_total: counters.bytesOut,
      published_total: counters.published,
      rejected_total: counters.rejected,
    },
    latency: { push: counters.pushLatency.read(), rtt: counters.rtt.read() },
    memory: {
      rss_bytes: memory.rss,
      heap_used_bytes: memory.heapUsed,
      heap_total_bytes: memory.heapTotal,
      heap_limit_bytes: getHeapStatistics().heap_size_limit,
      external_bytes: memory.external,
      array_buffers_bytes: memory.arrayBuffers,
      limit_bytes: limit.bytes,
      limit_source: limit.source,
    },
    cpu: {
      user_seconds_total: cpu.user / 1e6,
      system_seconds_total: cpu.system / 1e6,
      available_cores: readAvailableCores(),
      event_loop_delay_p99_ms: context.eventLoop.newest.delayP99Ms,
      event_loop_utilization: context.eventLoop.newest.utilization,
      gc_seconds_total: gc.pauseMs / 1_000,
      gc_total: gc.count,
    },
    system: {
      hostname: hostname(),
      platform: process.platform,
      cores,
      load_1m: load1,
      load_5m: load5,
      load_15m: load15,
      memory_total_bytes: totalmem(),
      memory_free_bytes: readAvailableMemory() ?? freemem(),
      uptime_seconds: uptime(),
    },
    datasources: context.sources.statuses(nowMs),
    cache: {
      backend: "memory",
      entries: topics.cachedEntries,
      bytes: topics.cachedBytes,
      hits_total: counters.cacheHits,
      misses_total: counters.cacheMisses,
    },
    config: {
      file: config.file,
      loaded_at_ms: config.loadedAtMs,
      last_reload_at_ms: config.lastReloadAtMs,
      last_reload_ok: config.lastReloadOk,
      conflicts: config.conflicts.length,
      overrides: config.overrides.length,
    },
    logs: {
      file: settings["logging.file"],
      level: settings["logging.level"],
      file_bytes: log.file.size(),
      lines_total: log.lines,
      failed_writes_total: log.file.failedWrites,
      last_failed_write_at_ms: log.file.lastFailedWriteAtMs,
    },
  };
}
