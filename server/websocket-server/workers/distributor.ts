import { createServer, type Server, type Socket } from "node:net";
import type { WorkerProcess } from "./worker-process";

/** Sockets that wait for a worker at most. */
const mostWaiting = 4_096;

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
    let fewest: WorkerProcess | null = null;
    for (const process of this.#options.processes()) {
      if (process.takes && (fewest === null || process.sockets < fewest.sockets)) fewest = process;
    }
    return fewest;
  }

  #refuse(socket: Socket): void {
    socket.destroy();
    this.#options.onRefused();
  }
}
