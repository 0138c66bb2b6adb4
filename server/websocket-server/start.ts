import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import type { Stats } from "../../lib/contract/service-api";
import { createAdminServer } from "./admin/server";
import { ConfigControl } from "./config/control";
import type { Environment } from "./config/environment";
import { ConfigStore } from "./config/store";
import { Connections } from "./connections/connections";
import { createListener } from "./connections/listener";
import { Requests } from "./connections/requests";
import type { ServiceContext } from "./context";
import { Counters } from "./counters";
import { drain } from "./drain";
import { Heartbeat } from "./heartbeat";
import { EventLoopMonitor } from "./host/event-loop";
import { GarbageCollection } from "./host/gc";
import { Jobs } from "./jobs/jobs";
import { listen } from "./listen";
import { Log } from "./logging/log";
import { createLocalProcess } from "./shards/local-process";
import { createLocalShard } from "./shards/local-shard";
import { createFeeds } from "./sources/create-feeds";
import { feed } from "./sources/feed";
import { Sources } from "./sources/sources";
import { readProcessFigures } from "./stats/process-figures";
import { readShardFigures, type ShardParts } from "./stats/shard-figures";
import { mergeStats } from "./stats/stats";
import { matchesGlob } from "./topics/glob";
import { LocalSequencer } from "./topics/local-sequencer";
import { Topics } from "./topics/topics";

export interface StartOptions {
  /** Variables that configure the service; those of the process when left out. */
  env?: Environment;
}

export interface RunningService {
  readonly serverId: string;
  readonly websocketPort: number;
  readonly adminPort: number;
  /** Seconds that a stop may take. */
  readonly shutdownTimeout: number;
  readonly dataDir: string;
  /** Accepts a message as if it came from a data source; `data` must be JSON. */
  publish(topic: string, data: unknown): void;
  /** The figures that /stats answers. */
  stats(): Stats;
  reload(): void;
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
  const configControl = new ConfigControl({ config, logger });
  await configControl.open();
  const counters = new Counters();
  const sources = new Sources(createFeeds(settings()), {
    logger,
    retryLongestMs: settings()["sources.retry_longest"] * 1_000,
    maxBytes: settings()["sources.max_bytes"],
  });
  const covers = (name: string) =>
    sources.covers(name) || settings()["publish.allow"].some((pattern) => matchesGlob(pattern, name));
  const sequencer = new LocalSequencer();
  const topics = new Topics({ epoch: sequencer.epoch, counters, covers });
  const publish = feed(sequencer, logger);
  const maxBytes = () => settings()["outbound.max_bytes"];
  const connections = new Connections({ counters, topics, logger, maxBytes });
  const heartbeat = new Heartbeat({ settings, connections, counters });
  const requests = new Requests({ settings, counters, topics, sequencer, logger });
  let draining = false;

  const listener = createListener({
    settings,
    counters,
    connections,
    logger,
    draining: () => draining,
    onConnection(connection) {
      heartbeat.watch(connection);
      connection.ws.on("message", (data: Buffer, isBinary: boolean) =>
        requests.handle(connection, data, isBinary),
      );
      connection.send({
        op: "welcome",
        connection_id: connection.id,
        server_id: context.serverId,
        epoch: topics.epoch,
        heartbeat_interval: settings()["heartbeat.interval"],
        limits: {
          max_bytes: settings()["messages.max_bytes"],
          max_messages_per_second: settings()["messages.max_per_second"],
          max_subscriptions: settings()["subscriptions.max_per_connection"],
        },
      });
    },
  });

  const eventLoop = new EventLoopMonitor();
  const gc = new GarbageCollection();
  const worker = "main";
  const parts: ShardParts = { worker, settings, counters, connections, topics };
  const shards = [createLocalShard({ ...parts, heartbeat })];
  const processes = [createLocalProcess(worker, eventLoop, gc)];
  const jobs = new Jobs();
  let admin: Server | null = null;
  const close = async () => {
    jobs.stopAll();
    await configControl.stop();
    await sources.stop();
    await sequencer.stop();
    heartbeat.stop();
    topics.stop();
    eventLoop.stop();
    gc.stop();
    await Promise.all([closeServer(listener), admin === null ? null : closeServer(admin)]);
    await log.file.close();
  };

  const context: { -readonly [K in keyof ServiceContext]: ServiceContext[K] } = {
    serverId: "",
    instanceId: randomBytes(8).toString("hex"),
    startedAtMs: Date.now(),
    config,
    configControl,
    settings,
    counters,
    sequencer,
    topics,
    connections,
    heartbeat,
    sources,
    eventLoop,
    gc,
    log,
    logger,
    jobs,
    shards: () => shards,
    processes: () => processes,
    draining: () => draining,
  };

  try {
    await sequencer.start((messages) => topics.apply(messages));
    topics.startEpoch(sequencer.epoch);
    const websocketPort = await listen(listener, settings().host, settings().port, "WEBSOCKET_PORT");
    context.serverId = settings()["server.id"] ?? `${hostname()}:${websocketPort}`;
    const adminServer = createAdminServer(context);
    admin = adminServer;
    const { "admin.host": adminHost, "admin.port": adminPortWanted } = settings();
    const adminPort = await listen(adminServer, adminHost, adminPortWanted, "WEBSOCKET_ADMIN_PORT");
    eventLoop.start();
    heartbeat.start();
    sources.start(publish);
    for (const { message } of config.conflicts) logger.warn("config conflict", { message });
    for (const { variable, did_you_mean } of config.unknownVariables) {
      logger.warn("unknown variable", { variable, did_you_mean: did_you_mean ?? undefined });
    }
    await configControl.started();
    logger.info(`listening ws=${addressText(listener)} admin=${addressText(adminServer)}`, {
      server: context.serverId,
      pid: process.pid,
    });
    let stopping: Promise<void> | null = null;
    return {
      serverId: context.serverId,
      websocketPort,
      adminPort,
      shutdownTimeout: settings()["shutdown.timeout"],
      dataDir: settings().data_dir,
      publish,
      stats: () =>
        mergeStats(context, [readShardFigures(parts)], [readProcessFigures(worker, eventLoop, gc)]),
      reload: () => {
        configControl
          .reload(false, "SIGHUP")
          .catch((error: unknown) => logger.error("config reload failed", { error: String(error) }));
      },
      stop() {
        draining = true;
        stopping ??= drain(context, listener).then(close);
        return stopping;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function addressText(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
