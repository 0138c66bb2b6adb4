import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import type { ConnectionLimits } from "../connections/limits";
import { snapshotFolder } from "../heap-snapshots/write";
import { listen } from "../listen";
import { createConnectionSide } from "../shards/connection-side";
import type { Front } from "../shards/front";
import { readShardFigures } from "../stats/shard-figures";
import type { ServedTls } from "../tls/served-tls";
import type { Replica } from "../topics/replica";
import type { Forgettable, Sequencer } from "../topics/sequencer";
import { Distributor } from "./distributor";
import { Feed } from "./feed";
import type { LogEntry } from "./messages";
import { WorkerSlot } from "./worker-slot";

/** Why a socket is ended that no worker took in time. */
const noWorker = "WORKER_UNAVAILABLE";
const checkEveryMs = 500;
/** How long a worker may take to end once its connections have. */
const endPatienceMs = 1_000;

export interface WorkersFrontOptions {
  settings(): Settings;
  /** Runs `listener` whenever `settings` may answer differently. */
  onSettings(listener: () => void): void;
  logger: Logger;
  replica: Replica;
  sequencer: Sequencer;
  /** Over the connections of all workers. */
  limits: ConnectionLimits;
  serverId(): string;
  draining(): boolean;
  /** To begin with; null for a port without TLS. */
  tls: ServedTls | null;
  /** Whether shards accept handshakes. */
  accepting(): boolean;
  /** What to fork. */
  script: string;
}

/** All connections in workers; this process leads them and holds the topics. */
export function createWorkersFront(options: WorkersFrontOptions): Front {
  const { settings, logger, replica, sequencer, script } = options;
  const feed = new Feed();
  let { tls } = options;
  const { shard: vacant, parts } = createConnectionSide({ ...options, worker: "main" });
  const main = {
    publish: (topic: string, data: string) => sequencer.publish(topic, data),
    forget: (topics: readonly Forgettable[] | null) => sequencer.forget(topics),
    log(entries: LogEntry[]) {
      for (const [level, message, fields] of entries) logger[lowerCase(level)](message, fields);
    },
  };
  const slots = Array.from({ length: settings().workers }, (_, index) => {
    const worker = `worker-${index + 1}`;
    return new WorkerSlot({
      worker,
      script,
      logger,
      main,
      limits: options.limits,
      start: () => ({
        serverId: options.serverId(),
        settings: settings(),
        epoch: replica.topics.epoch,
        draining: options.draining(),
        tls,
      }),
      vacant,
      vacantFigures: () => ({ ...readShardFigures(parts), worker }),
      onReady(process) {
        feed.join(process.peer, replica.topics);
        process.peer.tell("shard", "setAccepting", options.accepting());
        // Handed on after this, so that the worker is ready in every respect.
        setImmediate(() => distributor.next());
      },
      onEnd(process, untaken) {
        feed.leave(process.peer);
        if (untaken !== null) distributor.take(untaken);
      },
      onTaken: () => distributor.next(),
    });
  });
  const distributor = new Distributor({
    processes: () => slots.flatMap((slot) => (slot.hanging ? [] : (slot.current ?? []))),
    handshakeTimeoutMs: () => settings()["connections.handshake_timeout"] * 1_000,
    onRefused: () => logger.warn("connection refused", { reason: noWorker }),
  });
  const tellAll = (method: string, ...args: unknown[]) => {
    for (const { current } of slots) current?.peer.tell("worker", method, ...args);
  };
  options.onSettings(() => tellAll("settings", settings()));
  let checkedAt = 0;
  let checking: NodeJS.Timeout | undefined;

  return {
    replica,
    shards: () => slots.map((slot) => slot.shard),
    processes: () => slots.filter((slot) => slot.runs).map((slot) => slot.process),
    endedProcesses: () => slots.flatMap((slot) => (slot.runs ? [] : (slot.lastProcessFigures() ?? []))),
    lastFigures: () => ({
      shards: slots.map((slot) => slot.lastFigures()),
      processes: slots.flatMap((slot) => slot.lastProcessFigures() ?? []),
    }),
    unavailable: () =>
      slots.flatMap(({ worker, hanging, unavailableSeconds }) =>
        unavailableSeconds === null
          ? []
          : [{ worker, state: hanging ? "hanging" : "starting", for_seconds: unavailableSeconds }],
      ),
    restarts: () => slots.reduce((sum, slot) => sum + slot.restarts, 0),
    refusals: () => (distributor.refused === 0 ? [] : [[noWorker, distributor.refused]]),
    apply(messages) {
      replica.topics.apply(messages);
      feed.add(messages);
    },
    heed(notice) {
      replica.topics.heed(notice);
      feed.heed(notice);
    },
    startEpoch(epoch) {
      replica.topics.startEpoch(epoch);
      feed.heed({ kind: "epoch", epoch });
    },
    listen: () => listen(distributor.server, settings().host, settings().port, "WEBSOCKET_PORT"),
    async start() {
      checkedAt = performance.now();
      checking = setInterval(() => {
        const now = performance.now();
        const pausedMs = Math.max(0, now - checkedAt - 2 * checkEveryMs);
        checkedAt = now;
        for (const slot of slots) slot.check(now, pausedMs);
      }, checkEveryMs);
      checking.unref();
      await Promise.all(slots.map((slot) => slot.start()));
    },
    renewTls(renewed) {
      tls = renewed;
      tellAll("renewTls", renewed);
    },
    async snapshotWorkers() {
      for (const slot of slots) {
        if (!slot.runs) continue;
        await slot.process
          .writeHeapSnapshot(snapshotFolder(settings().data_dir))
          .then(({ snapshot }) => logger.info("heap snapshot written", { ...snapshot, worker: slot.worker }))
          .catch((error: unknown) =>
            logger.error("heap snapshot failed", { worker: slot.worker, error: String(error) }),
          );
      }
    },
    async drain(timeoutMs) {
      distributor.close();
      tellAll("draining", true);
      await Promise.all(
        slots
          .filter((slot) => slot.runs && !slot.hanging)
          .map((slot) => within(timeoutMs + endPatienceMs, slot.shard.sayGoodbye(timeoutMs))),
      );
      await Promise.all(slots.map((slot) => slot.shard.figures()));
    },
    async close() {
      clearInterval(checking);
      distributor.close();
      await Promise.all(slots.map((slot) => slot.stop(endPatienceMs)));
      replica.topics.stop();
    },
  };
}

/** Waits no longer than `ms`, and takes a failure for an end. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise.catch(() => undefined), timeout]);
  clearTimeout(timer);
}

function lowerCase(level: LogEntry[0]) {
  return level.toLowerCase() as Lowercase<LogEntry[0]>;
}
