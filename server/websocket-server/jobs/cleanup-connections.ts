import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { CleanupJob, CleanupRequest, CleanupResult } from "../../../lib/contract/service-api";
import type { ServiceContext } from "../context";
import { askAll } from "../shards/ask-all";
import { closeGraceMs } from "../shards/close-zombies";
import type { Shard } from "../shards/shard";
import type { CleanupFilter, Zombie } from "../shards/zombies";
import { jobError } from "./job-error";
import type { RunningJob } from "./jobs";

const defaultRate = 200;
const sampleSize = 20;
/** How long a ping may take before its connection counts as dead. */
const pingPatienceMs = 5_000;
/** How long a job watches for clients that come back once its last close is done. */
const watchMs = 1_000;

interface Candidate extends Zombie {
  shard: Shard;
}

/** Closes zombies at a steady pace; each is looked at again at its turn. Those of `missing` workers are left alone. */
export async function startCleanup(
  service: ServiceContext,
  request: CleanupRequest,
): Promise<{ job: RunningJob<CleanupJob>; missing: string[] }> {
  const filter: CleanupFilter = { ...request, ids: request.ids ? new Set(request.ids) : undefined };
  const { candidates, missing } = await findCandidates(service, filter, request.max);
  const dryRun = request.dry_run === true;
  const job: CleanupJob = {
    id: randomUUID(),
    kind: "cleanup-connections",
    state: dryRun || candidates.length === 0 ? "succeeded" : "running",
    dry_run: dryRun,
    created_at_ms: Date.now(),
    finished_at_ms: null,
    done: 0,
    total: candidates.length,
    result: await summarise(candidates),
    error: null,
  };
  if (job.state === "succeeded") job.finished_at_ms = job.created_at_ms;
  else void run(service, candidates, filter, request, job);
  const running: RunningJob<CleanupJob> = {
    id: job.id,
    read: () => structuredClone(job),
    stop() {
      if (job.state !== "running") return;
      job.state = "stopped";
      job.finished_at_ms = Date.now();
    },
  };
  return { job: running, missing };
}

async function findCandidates(
  service: ServiceContext,
  filter: CleanupFilter,
  max?: number,
): Promise<{ candidates: Candidate[]; missing: string[] }> {
  const { answers, missing } = await askAll(service.shards(), (shard) => shard.zombies(filter));
  // With a limit the worst go first: what holds most memory, then what has been silent longest.
  const candidates = answers
    .flatMap(({ from: shard, answer }) => answer.map((zombie) => ({ ...zombie, shard })))
    .sort((a, b) => b.bufferedBytes - a.bufferedBytes || b.idleSeconds - a.idleSeconds)
    .slice(0, max);
  return { candidates, missing };
}

async function summarise(candidates: Candidate[]): Promise<CleanupResult> {
  const byKind = { idle: 0, stuck: 0, listed: 0 };
  const byIp = new Map<string, number>();
  let bufferedBytes = 0;
  let queuedMessages = 0;
  for (const candidate of candidates) {
    byKind[candidate.kind]++;
    byIp.set(candidate.remoteIp, (byIp.get(candidate.remoteIp) ?? 0) + 1);
    bufferedBytes += candidate.bufferedBytes;
    queuedMessages += candidate.queuedMessages;
  }
  const sample = await Promise.all(
    candidates.slice(0, sampleSize).map(({ shard, id }) => shard.connectionRows([id])),
  );
  return {
    candidates: { total: candidates.length, ...byKind },
    buffered_bytes: bufferedBytes,
    queued_messages: queuedMessages,
    spared: 0,
    closed: 0,
    already_gone: 0,
    came_back: 0,
    sample: sample.flat(),
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
  job: CleanupJob,
): Promise<void> {
  const { result } = job;
  const shards = service.shards();
  const pinged = request.ping_first === true;
  const running = () => job.state === "running";
  const closed: Candidate[] = [];
  const addresses = new Set<string>();
  try {
    if (pinged) await pingAll(candidates);
    const perMs = (request.rate_per_second ?? defaultRate) / 1_000;
    const startedAt = performance.now();
    while (running() && job.done < candidates.length) {
      const due = Math.min(candidates.length, Math.floor((performance.now() - startedAt) * perMs) + 1);
      const turn = candidates.slice(job.done, due);
      // Before they are closed: a client may be back within a millisecond.
      await watch(shards, job.id, turn);
      const outcomes = await closeAll(turn, filter, pinged);
      for (const [index, outcome] of outcomes.entries()) {
        result[outcome]++;
        job.done++;
        if (outcome !== "closed") continue;
        closed.push(turn[index] as Candidate);
        addresses.add((turn[index] as Candidate).remoteIp);
      }
      await noteComeBacks(shards, job, addresses);
      const early = startedAt + job.done / perMs - performance.now();
      if (running() && early > 1) await wait(early);
    }
    await followCloses(closed, running);
    if (running() && closed.length > 0) await wait(watchMs);
    await noteComeBacks(shards, job, addresses);
    if (running()) job.state = "succeeded";
  } catch (error) {
    job.state = "failed";
    job.error = jobError(error);
  } finally {
    for (const shard of shards) void shard.endWatch(job.id).catch(() => undefined);
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

async function pingAll(candidates: Candidate[]): Promise<void> {
  const byShard = groupByShard(candidates);
  await Promise.all([...byShard].map(([shard, own]) => shard.ping(own.map(({ id }) => id))));
  const deadline = performance.now() + pingPatienceMs;
  while (performance.now() < deadline) {
    const left = await Promise.all(
      [...byShard].map(([shard, own]) => shard.unanswered(own.map(({ id }) => id))),
    );
    if (left.every((ids) => ids.length === 0)) return;
    await wait(20);
  }
}

/** One outcome each, in the order of `turn`. */
async function closeAll(turn: Candidate[], filter: CleanupFilter, pinged: boolean) {
  const outcomes = new Map<Candidate, CleanupOutcome>();
  await Promise.all(
    [...groupByShard(turn)].map(async ([shard, own]) => {
      const given = await shard.closeZombies(
        own.map(({ id, kind }) => ({ id, kind })),
        filter,
        pinged,
      );
      for (const [index, candidate] of own.entries()) {
        outcomes.set(candidate, given[index] ?? "already_gone");
      }
    }),
  );
  return turn.map((candidate) => outcomes.get(candidate) ?? "already_gone");
}
type CleanupOutcome = Awaited<ReturnType<Shard["closeZombies"]>>[number];

/** A client may come back to another shard than the one that closed it. */
async function watch(shards: readonly Shard[], name: string, turn: readonly Candidate[]): Promise<void> {
  const ips = [...new Set(turn.map(({ remoteIp }) => remoteIp))];
  if (ips.length > 0) await askAll(shards, (shard) => shard.watchAddresses(name, ips));
}

/** Of the addresses that lost a connection to this job; those of whom it spared were watched as well. */
async function noteComeBacks(
  shards: readonly Shard[],
  job: CleanupJob,
  addresses: ReadonlySet<string>,
): Promise<void> {
  const { answers } = await askAll(shards, (shard) => shard.cameBack(job.id));
  const back = new Set(answers.flatMap(({ answer }) => answer));
  job.result.came_back = [...back].filter((ip) => addresses.has(ip)).length;
}

/** Waits until those that were closed are gone, as far as they are. */
async function followCloses(closed: Candidate[], running: () => boolean): Promise<void> {
  const byShard = groupByShard(closed);
  const deadline = performance.now() + closeGraceMs + watchMs;
  while (running() && performance.now() < deadline) {
    const { answers } = await askAll([...byShard.keys()], (shard) =>
      shard.countLeft((byShard.get(shard) ?? []).map(({ id }) => id)),
    );
    if (answers.every(({ answer }) => answer === 0)) return;
    await wait(20);
  }
}

function groupByShard(candidates: readonly Candidate[]): Map<Shard, Candidate[]> {
  const groups = new Map<Shard, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.shard);
    if (group) group.push(candidate);
    else groups.set(candidate.shard, [candidate]);
  }
  return groups;
}
