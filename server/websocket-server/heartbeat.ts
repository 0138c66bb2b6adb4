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

/** A round-trip time is known soon, and a crowd that connects at once is not pinged at once. */
const firstPingWithinMs = 5_000;

const payloadBytes = 4;

function isPayload(data: Buffer, payload: number): boolean {
  return data.length === payloadBytes && data.readUInt32BE(0) === payload;
}

function isLate(since: number, now: number, timeoutSeconds: number): boolean {
  return since > 0 && now - since > timeoutSeconds * 1_000;
}

/** Pings every connection in turn, drops those that stay silent, those that take nothing and those that never finish a message. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | null = null;
  #excused = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    const settings = this.#options.settings();
    const shortest = Math.min(
      settings["heartbeat.interval"],
      settings["heartbeat.timeout"],
      settings["outbound.write_deadline"],
      settings["messages.timeout"],
    );
    const periodMs = Math.min(1_000, Math.max(20, (shortest * 1_000) / 4));
    const due = performance.now() + periodMs;
    this.#timer = setTimeout(() => {
      const now = performance.now();
      // After a standstill of this process the answers of clients lie unread: they get until the next time.
      this.#excused = !this.#excused && now - due > periodMs / 2;
      if (!this.#excused) this.check(now);
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
    connection.nextPingAt = performance.now() + Math.min(intervalMs, firstPingWithinMs) * Math.random();
    connection.ws.on("pong", (data) => {
      // A pong that answers no ping of ours proves that something sends, not that anything reads.
      if (connection.pingSentAt === 0 || !isPayload(data, connection.pingPayload)) return;
      const now = performance.now();
      connection.lastHeardAt = now;
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
    if (connection.pingSentAt === 0) {
      connection.pingSentAt = now;
      connection.pingPayload = Math.floor(Math.random() * 2 ** 32);
    }
    connection.nextPingAt = now + this.#options.settings()["heartbeat.interval"] * 1_000;
    const payload = Buffer.allocUnsafe(payloadBytes);
    payload.writeUInt32BE(connection.pingPayload);
    connection.ws.ping(payload);
  }

  check(now: number): void {
    const { connections, counters } = this.#options;
    const settings = this.#options.settings();
    for (const connection of connections.values()) {
      if (!connection.open) continue;
      if (connection.stuckSeconds(now) > settings["outbound.write_deadline"]) {
        connection.close(1013, "slow consumer", slowGraceMs);
      } else if (connection.silentMs(now) > settings["heartbeat.timeout"] * 1_000) {
        counters.heartbeatTimeouts++;
        connection.drop("heartbeat timeout");
      } else if (isLate(connection.ws.incompleteSince, now, settings["messages.timeout"])) {
        connection.close(1008, "message took too long");
      } else if (connection.pingSentAt === 0 && now >= connection.nextPingAt) {
        this.ping(connection);
      }
    }
  }
}
