import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { hostname } from "node:os";
import type { Stats } from "../../lib/contract/service-api";
import { createAdminServer } from "./admin/server";
import { createCacheBackend } from "./cache/cache-backend";
import { ConfigControl } from "./config/control";
import type { Environment } from "./config/environment";
import { ConfigStore } from "./config/store";
import { LocalLimits } from "./connections/limits";
import type { ServiceContext } from "./context";
import type { SignalSnapshot } from "./heap-snapshots/signal";
import { EventLoopMonitor } from "./host/event-loop";
import { GarbageCollection } from "./host/gc";
import { Jobs } from "./jobs/jobs";
import { LameDuck } from "./lame-duck";
import { closeServer, listen } from "./listen";
import { Log } from "./logging/log";
import { PushSummary } from "./logging/push-summary";
import type { Front } from "./shards/front";
import { createLocalFront } from "./shards/local-front";
import { createLocalProcess } from "./shards/local-process";
import { createFeeds } from "./sources/create-feeds";
import { feed } from "./sources/feed";
import { Sources } from "./sources/sources";
import { readProcessFigures } from "./stats/process-figures";
import { mergeStats } from "./stats/stats";
import { openCertificates } from "./tls/open-certificates";
import { renewTls } from "./tls/served-tls";
import { createReplica } from "./topics/replica";
import { createWorkersFront } from "./workers/workers-front";

export interface StartOptions {
  /** What to fork as workers: a program that calls `runWorker` with its first argument. */
  workerScript?: string;
  /** Variables that configure the service; those of the process when left out. */
  env?: Environment;
}

export interface RunningService {
  readonly serverId: string;
  readonly websocketPort: number;
  readonly adminPort: number;
  /** Whether both ports speak TLS. */
  readonly tls: boolean;
  /** Seconds that a stop may take. */
  readonly shutdownTimeout: number;
  readonly dataDir: string;
  /** Accepts a message as if it came from a data source; `data` must be JSON. */
  publish(topic: string, data: unknown): void;
  /** The figures that /stats answers, with what other processes told last. */
  stats(): Stats;
  reload(): void;
  /** Logs what SIGUSR1 brought here and lets workers write theirs. */
  afterSnapshot(snapshot: SignalSnapshot): void;
  /** Tells every client goodbye and ends all listeners. */
  stop(): Promise<void>;
}

/**
 * Starts one data service in this process. Throws `ConfigRefused` for a configuration that must not be used
 * and `ListenFailed` for a port that can't be had.
 */
export async function startWebsocketServer(options: StartOptions = {}): Promise<RunningService> {
  const config = new ConfigStore(options.env ?? process.env);
  const settings = () => config.settings;
  const log = new Log(settings);
  const { logger } = log;
  const tls = openCertificates(config, logger);
  const configControl = new ConfigControl({ config, logger });
  await configControl.open();
  const cache = await createCacheBackend(settings(), logger);
  const { sequencer } = cache;
  const sources = new Sources(createFeeds(settings()), {
    logger,
    retryLongestMs: settings()["sources.retry_longest"] * 1_000,
    maxBytes: settings()["sources.max_bytes"],
    lease: cache.leases ?? undefined,
  });
  const publish = feed(sequencer, logger);
  let draining = false;
  const replica = createReplica({
    settings,
    epoch: sequencer.epoch,
    numberOf: (name) => sequencer.numberOf(name),
    fedBySource: (name) => sources.covers(name),
  });
  const parts = {
    settings,
    logger,
    replica,
    sequencer,
    limits: new LocalLimits(settings),
    serverId: () => context.serverId,
    tls: tls?.served ?? null,
    draining: () => draining,
  };
  const front: Front =
    settings().workers === 1
      ? createLocalFront(parts)
      : createWorkersFront({
          ...parts,
          script: options.workerScript ?? noScript(),
          accepting: (): boolean => !lameDuck.active,
          onSettings: (listener) => config.onApplied(listener),
        });

  const eventLoop = new EventLoopMonitor();
  const gc = new GarbageCollection();
  const worker = "main";
  const ownProcess = createLocalProcess(worker, eventLoop, gc);
  const jobs = new Jobs();
  const pushes = new PushSummary(logger, () => front.lastFigures().shards);
  const lameDuck = new LameDuck({ shards: front.shards, logger });
  const ports = { websocket: 0, admin: 0 };
  let admin: Server | null = null;
  const close = async () => {
    jobs.stopAll();
    tls?.stop();
    pushes.stop();
    await configControl.stop();
    await sources.stop();
    await sequencer.stop();
    eventLoop.stop();
    gc.stop();
    await log.streams.end();
    await Promise.all([front.close(), admin === null ? null : closeServer(admin)]);
    await log.close();
  };

  const drain = async () => {
    const open = () => front.lastFigures().shards.reduce((sum, shard) => sum + shard.active, 0);
    logger.info("draining", { connections: open() });
    await front.drain(settings()["shutdown.timeout"] * 1_000);
    logger.info("stopped", { connections: open() });
  };

  const context: { -readonly [K in keyof ServiceContext]: ServiceContext[K] } = {
    serverId: "",
    instanceId: randomBytes(8).toString("hex"),
    startedAtMs: Date.now(),
    startedAt: performance.now(),
    config,
    configControl,
    settings,
    counters: replica.counters,
    cache,
    sequencer,
    topics: replica.topics,
    sources,
    log,
    logger,
    jobs,
    shards: front.shards,
    front,
    processes: () => [ownProcess, ...front.processes()],
    lameDuck,
    ports: () => ports,
    tls,
    draining: () => draining || lameDuck.active,
  };

  try {
    await sequencer.start(
      (messages) => front.apply(messages),
      (notice) => front.heed(notice),
    );
    front.startEpoch(sequencer.epoch);
    // What has been read of the past is within the limits before the first client comes.
    replica.topics.sweep(Date.now());
    const websocketAt = await front.listen();
    context.serverId = settings()["server.id"] ?? `${hostname()}:${websocketAt.port}`;
    const adminServer = createAdminServer(context);
    admin = adminServer;
    const { "admin.host": adminHost, "admin.port": adminPortWanted } = settings();
    const adminAt = await listen(adminServer, adminHost, adminPortWanted, "WEBSOCKET_ADMIN_PORT");
    ports.websocket = websocketAt.port;
    ports.admin = adminAt.port;
    tls?.onRenewed((served) => {
      front.renewTls(served);
      renewTls(adminServer, served);
    });
    tls?.start();
    eventLoop.start();
    await front.start();
    sources.start(publish);
    pushes.start();
    for (const { message } of config.conflicts) logger.warn("config conflict", { message });
    for (const { variable, did_you_mean } of config.unknownVariables) {
      logger.warn("unknown variable", { variable, did_you_mean: did_you_mean ?? undefined });
    }
    await configControl.started();
    logger.info("listening", {
      ws: websocketAt.text,
      admin: adminAt.text,
      tls: tls === null ? undefined : settings()["tls.min_version"],
      server: context.serverId,
      pid: process.pid,
    });
    let stopping: Promise<void> | null = null;
    return {
      serverId: context.serverId,
      websocketPort: websocketAt.port,
      adminPort: adminAt.port,
      tls: tls !== null,
      shutdownTimeout: settings()["shutdown.timeout"],
      dataDir: settings().data_dir,
      publish,
      stats() {
        const { shards, processes } = front.lastFigures();
        return mergeStats(context, shards, [readProcessFigures(worker, eventLoop, gc), ...processes]);
      },
      reload: () => {
        tls?.reload("SIGHUP");
        configControl
          .reload(false, "SIGHUP")
          .catch((error: unknown) => logger.error("config reload failed", { error: String(error) }));
      },
      afterSnapshot({ file, error }) {
        if (file !== null) logger.info("heap snapshot written", { file });
        else logger.error("heap snapshot failed", { error: String(error) });
        void front.snapshotWorkers();
      },
      stop() {
        draining = true;
        stopping ??= drain().then(close);
        return stopping;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function noScript(): never {
  throw new Error("workers need a program that can be forked");
}
