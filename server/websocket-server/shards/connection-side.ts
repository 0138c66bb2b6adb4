import type { Server } from "node:http";
import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import { Connections } from "../connections/connections";
import type { ConnectionLimits } from "../connections/limits";
import { createListener } from "../connections/listener";
import { Requests } from "../connections/requests";
import { createWelcome } from "../connections/welcome";
import { Heartbeat } from "../heartbeat";
import type { ShardParts } from "../stats/shard-figures";
import { renewTls, type ServedTls } from "../tls/served-tls";
import type { Replica } from "../topics/replica";
import type { Sequencer } from "../topics/sequencer";
import { createLocalShard } from "./local-shard";
import type { Shard } from "./shard";

export interface ConnectionSideOptions {
  /** The process's name. */
  worker: string;
  settings(): Settings;
  logger: Logger;
  replica: Replica;
  sequencer: Sequencer;
  limits: ConnectionLimits;
  serverId(): string;
  /** To begin with; null for a port without TLS. */
  tls: ServedTls | null;
  draining(): boolean;
}

/** Everything that one process needs to take and hold connections. */
export interface ConnectionSide {
  readonly parts: ShardParts;
  readonly shard: Shard;
  /** Takes sockets, its own or those handed to it; not yet listening. */
  readonly listener: Server;
  /** Serves new connections with this certificate. */
  renewTls(tls: ServedTls): void;
  start(): void;
  stop(): void;
}

export function createConnectionSide(options: ConnectionSideOptions): ConnectionSide {
  const { worker, settings, logger, replica, sequencer } = options;
  const { counters, topics, subscriptions } = replica;
  const maxBytes = () => settings()["outbound.max_bytes"];
  const connections = new Connections({ counters, topics, subscriptions, logger, maxBytes });
  const heartbeat = new Heartbeat({ settings, connections, counters });
  const requests = new Requests({ settings, counters, topics, subscriptions, sequencer, logger });
  const gate = { accepting: true };
  const welcome = createWelcome({ settings, serverId: options.serverId, epoch: () => topics.epoch });
  const listener = createListener({
    settings,
    counters,
    connections,
    limits: options.limits,
    logger,
    tls: options.tls,
    draining: () => !gate.accepting || options.draining(),
    onConnection(connection) {
      heartbeat.watch(connection);
      connection.ws.on("message", (data, isBinary) => requests.handle(connection, data, isBinary));
      connection.sendText(welcome(connection.id));
    },
  });
  const parts: ShardParts = { worker, settings, counters, connections, topics };
  return {
    parts,
    shard: createLocalShard({ ...parts, subscriptions, heartbeat, gate }),
    listener,
    renewTls: (tls) => renewTls(listener, tls),
    start: () => heartbeat.start(),
    stop() {
      heartbeat.stop();
      topics.stop();
    },
  };
}
