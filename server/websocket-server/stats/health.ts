import type { Health, Stats } from "../../../lib/contract/service-api";
import type { CacheState } from "../cache/cache-state";
import { mostSockets } from "../host/open-file-limit";
import { judgeCertificate } from "../tls/judge-certificate";

type Check = Health["checks"][number];

/** Warn and fail thresholds of each check. */
const eventLoopDelayMs = { warn: 250, fail: 2_000 };
const memoryShare = { warn: 0.85, fail: 0.97 };
const connectionShare = { warn: 0.9 };
/** How long a line that could not be written warns; a disk that has recovered is no trouble any more. */
const logTroubleMs = 60_000;
/** A data source may take this long to connect again; one that is refused warns at once. */
const sourceTroubleMs = 10_000;

/**
 * Whether the service should get traffic: any failed check makes it unhealthy, any warning degraded.
 * `openFileLimit` is that of one process; null where it can't be told.
 */
export function checkHealth(stats: Stats, cache: CacheState, openFileLimit: number | null = null): Health {
  const checks = [
    checkConnections(stats, openFileLimit),
    checkWorkers(stats),
    checkEventLoop(stats),
    checkMemory(stats),
    checkDataSources(stats),
    checkCache(cache),
    checkLog(stats),
    ...checkCertificate(stats),
  ];
  const worst = (status: Check["status"]) => checks.some((check) => check.status === status);
  const status =
    stats.server.state === "draining"
      ? "draining"
      : worst("fail")
        ? "unhealthy"
        : worst("warn")
          ? "degraded"
          : "healthy";
  return { status, server_id: stats.server.id, at_ms: stats.server.now_ms, checks };
}

function checkConnections({ connections, server }: Stats, openFileLimit: number | null): Check {
  const { active_connections: active, max_connections: max } = connections;
  const fits = (mostSockets(openFileLimit) ?? Number.POSITIVE_INFINITY) * server.workers;
  const status = active >= connectionShare.warn * Math.min(max, fits) ? "warn" : "pass";
  const message =
    fits < max
      ? `${active} of ${fits} connections are open that the limit of open files leaves room for (connections.max is ${max})`
      : `${active} of ${max} connections are open`;
  return { name: "connections", status, message };
}

function checkWorkers({ server }: Stats): Check {
  const { workers, unavailable_workers: unavailable } = server;
  const status = unavailable.length === 0 ? "pass" : unavailable.length < workers ? "warn" : "fail";
  const troubles = unavailable.map(({ worker, state, for_seconds: seconds }) =>
    state === "hanging"
      ? `${worker} has not answered for ${seconds.toFixed(1)} s, its figures are those of then`
      : `${worker} ended and is started again`,
  );
  const message = troubles.length === 0 ? `all ${workers} serve` : troubles.join("; ");
  return { name: "workers", status, message };
}

function checkEventLoop({ cpu }: Stats): Check {
  const delay = cpu.event_loop_delay_p99_ms;
  const status = delay >= eventLoopDelayMs.fail ? "fail" : delay >= eventLoopDelayMs.warn ? "warn" : "pass";
  return { name: "event_loop", status, message: `event-loop delay p99 is ${delay.toFixed(1)} ms` };
}

function checkMemory({ memory }: Stats): Check {
  const name = "memory";
  if (memory.limit_bytes === null) return { name, status: "unknown", message: "no memory limit can be told" };
  const share = memory.rss_bytes / memory.limit_bytes;
  const status = share >= memoryShare.fail ? "fail" : share >= memoryShare.warn ? "warn" : "pass";
  return { name, status, message: `resident memory is ${(share * 100).toFixed(1)} % of the limit` };
}

function checkDataSources({ datasources, server }: Stats): Check {
  const down = datasources
    .filter(({ state, down_since_at_ms: since }) => {
      return state === "failed" || (since !== null && server.now_ms - since >= sourceTroubleMs);
    })
    .map(({ name, state }) => `${name} (${state})`);
  const message =
    down.length === 0 ? `no data source of ${datasources.length} is down` : `down: ${down.join(", ")}`;
  return { name: "datasources", status: down.length === 0 ? "pass" : "warn", message };
}

function checkCache({ backend, state, reason }: CacheState): Check {
  const name = "cache";
  if (state === "ready")
    return { name, status: "pass", message: `last values and order are kept in ${backend}` };
  return { name, status: "warn", message: `Redis can't be used: ${reason ?? "connecting"}` };
}

function checkLog({ logs, server }: Stats): Check {
  const { failed_writes_total: failed, last_failed_write_at_ms: lastAtMs } = logs;
  const recent = lastAtMs !== null && server.now_ms - lastAtMs <= logTroubleMs;
  const message = `${failed} log lines could not be written since the start`;
  return { name: "log", status: recent ? "warn" : "pass", message };
}

function checkCertificate({ server }: Stats): Check[] {
  return server.tls === null ? [] : [{ name: "certificate", ...judgeCertificate(server.tls, server.now_ms) }];
}
