import { cpus, freemem, hostname, loadavg, totalmem, uptime } from "node:os";
import type { Histogram, Stats } from "../../../lib/contract/service-api";
import manifest from "../../../package.json" with { type: "json" };
import { idleThresholdSeconds } from "../connections/connections";
import type { ServiceContext } from "../context";
import { readAvailableCores } from "../host/available-cores";
import { readAvailableMemory, readMemoryLimit } from "../host/memory-limit";
import type { ProcessFigures } from "./process-figures";
import type { ShardFigures } from "./shard-figures";
import { rankTopics } from "./top-topics";

const cores = cpus().length;

/** All figures of the service at this moment: what /stats answers and /metrics is made from. */
export async function buildStats(context: ServiceContext): Promise<Stats> {
  // Looked up before any wait, so that a worker that ends meanwhile is in one of the lists, not in both.
  const ended = context.front.endedProcesses();
  const [shards, processes] = await Promise.all([
    Promise.all(context.shards().map((shard) => shard.figures())),
    Promise.all(context.processes().map((each) => each.figures())),
  ]);
  return mergeStats(context, shards, [...processes, ...ended]);
}

/** The figures of the service, made of those of its shards and processes. */
export function mergeStats(
  context: ServiceContext,
  shards: readonly ShardFigures[],
  processes: readonly ProcessFigures[],
): Stats {
  const { config, topics, log } = context;
  const settings = context.settings();
  const nowMs = Date.now();
  const sum = (of: (shard: ShardFigures) => number) => shards.reduce((total, shard) => total + of(shard), 0);
  const sumOfProcesses = (of: (each: ProcessFigures) => number) =>
    processes.reduce((total, each) => total + of(each), 0);
  const worst = (of: (each: ProcessFigures) => number) => Math.max(0, ...processes.map(of));
  const refusedByReason = addUp([
    ...shards.flatMap((shard) => shard.refusedByReason),
    ...context.front.refusals(),
  ]);
  const limit = readMemoryLimit();
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
  return {
    server: {
      id: context.serverId,
      instance_id: context.instanceId,
      version: manifest.version,
      pid: process.pid,
      started_at_ms: context.startedAtMs,
      uptime_seconds: (performance.now() - context.startedAt) / 1_000,
      now_ms: nowMs,
      state: context.draining() ? "draining" : "running",
      epoch: topics.epoch,
      workers: shards.length,
      unavailable_workers: context.front.unavailable(),
      worker_restarts_total: context.front.restarts(),
      tls: context.tls?.state() ?? null,
      node_version: process.versions.node,
    },
    connections: {
      active_connections: sum((shard) => shard.active),
      max_connections: settings["connections.max"],
      idle_connections: sum((shard) => shard.idle),
      idle_threshold_seconds: idleThresholdSeconds,
      zombie_connections: sum((shard) => shard.zombies),
      by_state: {
        active: sum((shard) => shard.byState.active),
        half_open: sum((shard) => shard.byState.half_open),
        slow: sum((shard) => shard.byState.slow),
        closing: sum((shard) => shard.byState.closing),
      },
      opened_total: sum((shard) => shard.opened),
      closed_total: sum((shard) => shard.closed),
      refused_total: Object.values(refusedByReason).reduce((total, count) => total + count, 0),
      heartbeat_timeouts_total: sum((shard) => shard.heartbeatTimeouts),
      closed_by_code: addUp(shards.flatMap((shard) => shard.closedByCode)),
      closed_by_side: {
        client: sum((shard) => shard.closedBySide.client),
        server: sum((shard) => shard.closedBySide.server),
        lost: sum((shard) => shard.closedBySide.lost),
      },
      refused_by_reason: refusedByReason,
    },
    message_queue: {
      messages: sum((shard) => shard.queuedMessages),
      bytes: sum((shard) => shard.queuedBytes),
      oldest_ms: Math.max(0, ...shards.map((shard) => shard.oldestMs)),
      dropped_total: sum((shard) => shard.dropped),
      conflated_total: sum((shard) => shard.conflated),
    },
    subscriptions: {
      active_subscriptions: sum((shard) => shard.activeSubscriptions),
      topics: topics.size,
      subscribed_total: sum((shard) => shard.subscribed),
      unsubscribed_total: sum((shard) => shard.unsubscribed),
      ...rankTopics(shards),
      recovered_total: sum((shard) => shard.recovered),
      gaps_total: sum((shard) => shard.gaps),
    },
    messages: {
      in_total: sum((shard) => shard.messagesIn),
      out_total: sum((shard) => shard.messagesOut),
      in_bytes_total: sum((shard) => shard.bytesIn),
      out_bytes_total: sum((shard) => shard.bytesOut),
      published_total: context.sequencer.publishedTotal,
      rejected_total: sum((shard) => shard.rejected),
    },
    latency: {
      push: mergeHistograms(shards.map((shard) => shard.pushLatency)),
      rtt: mergeHistograms(shards.map((shard) => shard.rtt)),
    },
    memory: {
      rss_bytes: sumOfProcesses(({ memory }) => memory.rss),
      heap_used_bytes: sumOfProcesses(({ memory }) => memory.heapUsed),
      heap_total_bytes: sumOfProcesses(({ memory }) => memory.heapTotal),
      heap_limit_bytes: sumOfProcesses(({ memory }) => memory.heapLimit),
      external_bytes: sumOfProcesses(({ memory }) => memory.external),
      array_buffers_bytes: sumOfProcesses(({ memory }) => memory.arrayBuffers),
      limit_bytes: limit.bytes,
      limit_source: limit.source,
    },
    cpu: {
      user_seconds_total: sumOfProcesses(({ cpu }) => cpu.userMicros) / 1e6,
      system_seconds_total: sumOfProcesses(({ cpu }) => cpu.systemMicros) / 1e6,
      available_cores: readAvailableCores(),
      event_loop_delay_p99_ms: worst(({ eventLoop }) => eventLoop.delayP99Ms),
      event_loop_utilization: worst(({ eventLoop }) => eventLoop.utilization),
      gc_seconds_total: sumOfProcesses(({ gc }) => gc.micros) / 1e6,
      gc_total: sumOfProcesses(({ gc }) => gc.count),
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
      backend: context.cache.state().backend,
      entries: topics.cachedEntries,
      bytes: topics.cachedBytes,
      hits_total: sum((shard) => shard.cacheHits),
      misses_total: sum((shard) => shard.cacheMisses),
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
      file_bytes: log.file.size,
      lines_total: log.lines,
      failed_writes_total: log.file.failedWrites,
      last_failed_write_at_ms: log.file.lastFailedWriteAtMs,
    },
  };
}

function addUp(counts: readonly (readonly [key: string | number, count: number])[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of counts) sums.set(String(key), (sums.get(String(key)) ?? 0) + count);
  return Object.fromEntries(sums);
}

/** Added bucket by bucket; all of them have the same bounds. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const [first, ...rest] = histograms;
  if (first === undefined) throw new Error("a service has at least one shard");
  const merged = { ...first, counts: [...first.counts] };
  for (const { counts, sum_ms } of rest) {
    for (const [index, count] of counts.entries()) merged.counts[index] = (merged.counts[index] ?? 0) + count;
    merged.sum_ms += sum_ms;
  }
  return merged;
}
