import type { Settings } from "./config/schema";
import type { Connection } from "./connections/connection";
import type { Connections } from "./connections/connections";
import type { Counters } from "./counters";

/** How long a client that was cut off for not reading may still take what the kernel holds. */
const slowGraceMs = 1_000;

export interface HeartbeatOptions {
  settings(): Settings;
  connections: Connections;
  counters: Counters;
}

/** Pings every connection in turn, drops those that stay silent and those that take nothing. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    const settings = this.#options.settings();
    const shortest = Math.min(
      settings["heartbeat.interval"],
      settings["heartbeat.timeout"],
      settings["outbound.write_deadline"],
    );
    const periodMs = Math.min(1_000, Math.max(20, (shortest * 1_000) / 4));
    this.#timer = setTimeout(() => {
      this.check(performance.now());
      this.start();
    }, periodMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Begins to watch a connection; first pings are spread over the interval. */
  watch(connection: Connection): void {
    const { counters } = this.#options;
    const intervalMs = this.#options.settings()["heartbeat.interval"] * 1_000;
    connection.nextPingAt = performance.now() + Math.min(intervalMs, 1_000) * Math.random();
    connection.ws.on("pong", () => {
      const now = performance.now();
      connection.lastHeardAt = now;
      if (connection.pingSentAt === 0) return;
      connection.rttMs = now - connection.pingSentAt;
      connection.pingSentAt = 0;
      counters.rtt.observe(connection.rttMs);
    });
    connection.ws.on("ping", () => {
      connection.lastHeardAt = performance.now();
    });
  }

  /** Pings now, whatever the interval says. */
  ping(connection: Connection): void {
    const now = performance.now();
    if (connection.pingSentAt === 0) connection.pingSentAt = now;
    connection.nextPingAt = now + this.#options.settings()["heartbeat.interval"] * 1_000;
    connection.ws.ping();
  }

  check(now: number): void {
    const { connections, counters } = this.#options;
    const settings = this.#options.settings();
    for (const connection of connections.values()) {
      if (!connection.open) continue;
      const silentSince = Math.max(connection.pingSentAt, connection.lastHeardAt);
      if (connection.stuckSeconds(now) > settings["outbound.write_deadline"]) {
        connection.close(1013, "slow consumer", slowGraceMs);
      } else if (connection.pingSentAt > 0 && now - silentSince > settings["heartbeat.timeout"] * 1_000) {
        counters.heartbeatTimeouts++;
        connection.drop("heartbeat timeout");
      } else if (connection.pingSentAt === 0 && now >= connection.nextPingAt) {
        this.ping(connection);
      }
    }
  }
}
