import { createServer, type Server, type Socket } from "node:net";
import type { WorkerProcess } from "./worker-process";

/** Sockets that wait for a worker at most. */
const mostWaiting = 4_096;
/** How many more than the one with fewest a worker may get because that one is busy: so many, and a quarter. */
const lead = { sockets: 32, share: 0.25 };

export interface DistributorOptions {
  /** Workers that answer. */
  processes(): readonly WorkerProcess[];
  /** Time in which a socket must find a worker. */
  handshakeTimeoutMs(): number;
  /** A socket found no worker and was ended. */
  onRefused(): void;
}

/**
 * The WebSocket port: takes sockets and hands each to the worker that holds fewest, unread. Node's cluster would
 * hand them out blindly: to a worker that hangs, and without the socket back when one dies.
 */
export class Distributor {
  readonly server: Server;
  /** Sockets that found no worker. */
  refused = 0;
  readonly #options: DistributorOptions;
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();

  constructor(options: DistributorOptions) {
    this.#options = options;
    this.server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
      socket.on("error", () => socket.destroy());
      this.take(socket);
    });
  }

  /** Also a socket that a worker got and did not take. */
  take(socket: Socket): void {
    if (this.#waiting.size >= mostWaiting) {
      this.#refuse(socket);
      return;
    }
    const timer = setTimeout(() => {
      this.#waiting.delete(socket);
      this.#refuse(socket);
    }, this.#options.handshakeTimeoutMs());
    this.#waiting.set(socket, timer);
    this.next();
  }

  /** Hands on what waits, as far as there are workers for it. */
  next(): void {
    for (const [socket, timer] of this.#waiting) {
      const process = this.#choose();
      if (process === null) return;
      clearTimeout(timer);
      this.#waiting.delete(socket);
      process.hand(socket);
    }
  }

  /** Takes no more, and ends what waits. */
  close(): void {
    if (this.server.listening) this.server.close();
    for (const [socket, timer] of this.#waiting) {
      clearTimeout(timer);
      socket.destroy();
    }
    this.#waiting.clear();
  }

  #choose(): WorkerProcess | null {
    let chosen: WorkerProcess | null = null;
    let fewest = Number.POSITIVE_INFINITY;
    for (const process of this.#options.processes()) {
      if (!process.isReady) continue;
      fewest = Math.min(fewest, process.sockets);
      if (process.takes && (chosen === null || process.sockets < chosen.sockets)) chosen = process;
    }
    if (chosen === null || chosen.sockets > fewest * (1 + lead.share) + lead.sockets) return null;
    return chosen;
  }

  #refuse(socket: Socket): void {
    socket.destroy();
    this.refused++;
    this.#options.onRefused();
  }
}
