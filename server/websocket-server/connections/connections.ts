import { randomBytes } from "node:crypto";
import type { Logger } from "../../process/logger";
import type { CloseSide, Counters } from "../counters";
import type { Subscriptions } from "../topics/subscriptions";
import type { Topics } from "../topics/topics";
import { Closes } from "./closes";
import { Connection, type ConnectionOptions } from "./connection";
import { noCloseFrame } from "./rfc6455/close-code";

/** Idle for longer than this counts as idle in figures, and as a zombie when nothing is subscribed. */
export const idleThresholdSeconds = 300;
/** An outbound queue that has not moved for this long makes a zombie. */
export const stuckThresholdSeconds = 30;

/** What the log says of clients that went without a word. */
const disconnected = { client: "client disconnected", lost: "disconnected without a close frame" };

export interface ConnectionsOptions {
  counters: Counters;
  topics: Topics;
  subscriptions: Subscriptions;
  logger: Logger;
  maxBytes(): number;
}

/** Every open connection, and what became of those that closed. */
export class Connections {
  readonly closes = new Closes();
  readonly #prefix = randomBytes(3).toString("hex");
  readonly #all = new Map<string, Connection>();
  #pending: Connection[] = [];
  readonly #openListeners = new Set<(connection: Connection) => void>();
  readonly #options: ConnectionsOptions;
  #number = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    options.topics.onFlushed(this.#flush);
  }

  get size(): number {
    return this.#all.size;
  }

  values(): IterableIterator<Connection> {
    return this.#all.values();
  }

  find(id: string): Connection | undefined {
    return this.#all.get(id);
  }

  /** Calls `listener` at each new connection until the function it returns is called. */
  onOpened(listener: (connection: Connection) => void): () => void {
    this.#openListeners.add(listener);
    return () => this.#openListeners.delete(listener);
  }

  add(
    from: Pick<ConnectionOptions, "ws" | "socket" | "remoteIp" | "remotePort" | "userAgent" | "origin">,
  ): Connection {
    const { counters, logger, maxBytes } = this.#options;
    this.#number++;
    const connection = new Connection({
      ...from,
      id: `c-${this.#prefix}-${this.#number.toString(36)}`,
      counters,
      maxBytes,
      onPending: this.#await,
    });
    this.#all.set(connection.id, connection);
    counters.opened++;
    logger.info("connection opened", {
      id: connection.id,
      ip: connection.remoteIp,
      port: connection.remotePort,
      agent: connection.userAgent,
    });
    connection.ws.on("violation", ({ code, reason }) => connection.end(code, reason, "server"));
    connection.ws.on("peerClosing", (code, reason) => connection.end(code, reason, sideOf(code)));
    connection.ws.once("close", (code, reason) => this.#closed(connection, code, reason));
    for (const listener of this.#openListeners) listener(connection);
    return connection;
  }

  #closed(connection: Connection, peerCode: number, peerReason: string): void {
    const { counters, subscriptions, logger } = this.#options;
    this.#all.delete(connection.id);
    subscriptions.leave(connection);
    connection.outbound.end();

    connection.ending ??= { code: peerCode, reason: peerReason, side: sideOf(peerCode) };
    const { code, reason, side } = connection.ending;
    counters.close(code, side);
    const closedAtMs = Date.now();
    const lifetimeSeconds = (performance.now() - connection.connectedAt) / 1_000;
    this.closes.add({
      id: connection.id,
      remote_ip: connection.remoteIp,
      closed_at_ms: closedAtMs,
      lifetime_seconds: lifetimeSeconds,
      side,
      code,
      reason,
    });
    const level = code === 1000 || code === 1001 || code === 1005 ? "info" : "warn";
    logger[level]("connection closed", {
      id: connection.id,
      ip: connection.remoteIp,
      side,
      code,
      reason: reason === "" && side !== "server" ? disconnected[side] : reason,
      lifetime_seconds: Math.round(lifetimeSeconds),
    });
  }

  readonly #await = (connection: Connection): void => {
    if (this.#pending.length === 0) setImmediate(this.#flush);
    this.#pending.push(connection);
  };

  readonly #flush = (): void => {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    for (let i = 0; i < pending.length; i++) {
      const connection = pending[i] as Connection;
      connection.pending = false;
      connection.outbound.flush();
    }
  };
}

function sideOf(peerCode: number): CloseSide {
  return peerCode === noCloseFrame ? "lost" : "client";
}
