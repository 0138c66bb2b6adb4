import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { CleanupRequest, CleanupResult, CleanupJob as Job } from "../../../lib/contract/service-api";
import type { ServiceContext } from "../context";
import type { Connection } from "./connection";
import { type CleanupFilter, type ZombieKind, zombieKind } from "./zombie";

/** Private use (RFC 6455, section 7.4.2): the operators of this server closed an unused connection. */
export const cleanupCloseCode = 4001;
const defaultRate = 200;
const sampleSize = 20;
/** How long a ping may take before its connection counts as dead. */
const pingPatienceMs = 5_000;
/** How long a job watches for clients that come back once its last close is done. */
const watchMs = 1_000;
const closeGraceMs = 1_000;

interface Candidate {
  connection: Connection;
  kind: ZombieKind;
}

export interface CleanupJob {
  readonly id: string;
  read(): Job;
  stop(): void;
}

/** Closes zombies one by one at a steady pace; each is looked at again at its turn. */
export function startCleanup(service: ServiceContext, request: CleanupRequest): CleanupJob {
  const filter: CleanupFilter = { ...request, ids: request.ids ? new Set(request.ids) : undefined };
  const candidates = findCandidates(service, filter, request.max);
  const result = summarise(service, candidates);
  const dryRun = request.dry_run === true;
  const job: Job = {
    id: randomUUID(),
    kind: "cleanup-connections",
    state: dryRun || candidates.length === 0 ? "succeeded" : "running",
    dry_run: dryRun,
    created_at_ms: Date.now(),
    finished_at_ms: null,
    done: 0,
    total: candidates.length,
    result,
    error: null,
  };
  if (job.state === "succeeded") job.finished_at_ms = job.created_at_ms;
  else void run(service, candidates, filter, request, job);
  return {
    id: job.id,
    read: () => structuredClone(job),
    stop() {
      if (job.state !== "running") return;
      job.state = "stopped";
      job.finished_at_ms = Date.now();
    },
  };
}

function findCandidates(service: ServiceContext, filter: CleanupFilter, max?: number): Candidate[] {
  const nowMs = Date.now();
  const now = performance.now();
  const found: Candidate[] = [];
  for (const connection of service.connections.values()) {
    const kind = connection.open ? zombieKind(connection, filter, nowMs, now) : null;
    if (kind !== null) found.push({ connection, kind });
  }
  // With a limit the worst go first: what holds most memory, then what has been silent longest.
  found.sort(
    (a, b) =>
      b.connection.outbound.bytes - a.connection.outbound.bytes ||
      b.connection.idleSeconds(nowMs) - a.connection.idleSeconds(nowMs),
  );
  return found.slice(0, max);
}

function summarise(service: ServiceContext, candidates: Candidate[]): CleanupResult {
  const byKind = { idle: 0, stuck: 0, listed: 0 };
  const byIp = new Map<string, number>();
  let bufferedBytes = 0;
  let queuedMessages = 0;
  for (const { connection, kind } of candidates) {
    byKind[kind]++;
    byIp.set(connection.remoteIp, (byIp.get(connection.remoteIp) ?? 0) + 1);
    bufferedBytes += connection.outbound.bytes;
    queuedMessages += connection.outbound.messages;
  }
  const nowMs = Date.now();
  const now = performance.now();
  const timeout = service.settings()["heartbeat.timeout"];
  return {
    candidates: { total: candidates.length, ...byKind },
    buffered_bytes: bufferedBytes,
    queued_messages: queuedMessages,
    spared: 0,
    closed: 0,
    already_gone: 0,
    came_back: 0,
    sample: candidates.slice(0, sampleSize).map(({ connection }) => connection.row(nowMs, now, timeout)),
    by_ip: [...byIp]
      .map(([remote_ip, connections]) => ({ remote_ip, connections }))
      .sort((a, b) => b.connections - a.connections)
      .slice(0, sampleSize),
  };
}

async function run(
  service: ServiceContext,
  candidates: Candidate[],
  filter: CleanupFilter,
  request: CleanupRequest,
  job: Job,
): Promise<void> {
  const { result } = job;
  const closedIps = new Set<string>();
  const cameBack = new Set<string>();
  const forget = service.connections.onOpened(({ remoteIp }) => {
    if (closedIps.has(remoteIp)) cameBack.add(remoteIp);
    result.came_back = cameBack.size;
  });
  const running = () => job.state === "running";
  try {
    if (request.ping_first === true) await pingAll(service, candidates);
    const gapMs = 1_000 / (request.rate_per_second ?? defaultRate);
    const startedAt = performance.now();
    for (const [index, { connection, kind }] of candidates.entries()) {
      const early = startedAt + index * gapMs - performance.now();
      if (early > 1) await wait(early);
      if (!running()) break;
      const outcome = closeOne(connection, kind, filter, request.ping_first === true);
      result[outcome]++;
      job.done++;
      if (outcome === "closed") closedIps.add(connection.remoteIp);
    }
    const closing = candidates.filter(({ connection }) => connection.ending !== null);
    const deadline = performance.now() + closeGraceMs + watchMs;
    while (
      running() &&
      performance.now() < deadline &&
      closing.some(({ connection }) => service.connections.find(connection.id) !== undefined)
    ) {
      await wait(20);
    }
    if (running() && closedIps.size > 0) await wait(watchMs);
    if (running()) job.state = "succeeded";
  } catch (error) {
    job.state = "failed";
    job.error = { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
  } finally {
    forget();
    job.finished_at_ms ??= Date.now();
    service.logger.info("connections cleaned up", {
      job: job.id,
      state: job.state,
      closed: result.closed,
      spared: result.spared,
      already_gone: result.already_gone,
    });
  }
}

async function pingAll(service: ServiceContext, candidates: Candidate[]): Promise<void> {
  for (const { connection } of candidates) if (connection.open) service.heartbeat.ping(connection);
  const deadline = performance.now() + pingPatienceMs;
  while (
    performance.now() < deadline &&
    candidates.some(({ connection }) => connection.open && connection.pingSentAt > 0)
  ) {
    await wait(20);
  }
}

function closeOne(
  connection: Connection,
  kind: ZombieKind,
  filter: CleanupFilter,
  pinged: boolean,
): "closed" | "spared" | "already_gone" {
  if (!connection.open) return "already_gone";
  const now = performance.now();
  if (zombieKind(connection, filter, Date.now(), now) === null) return "spared";
  if (pinged && connection.pingSentAt === 0) return "spared";
  connection.close(cleanupCloseCode, `clean-up: ${kind}`, closeGraceMs);
  return "closed";
}
