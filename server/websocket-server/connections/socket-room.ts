import type { Socket } from "node:net";
import type { Logger } from "../../process/logger";
import { mostSockets, readOpenFileLimits } from "../host/open-file-limit";
import { type Refusal, retryLater } from "./refuse";

/** Above the limit so many more may still read their refusal; further ones are cut off unheard. */
const refusedAtOnce = 16;
/** The trouble is over once this share of the room is free again. */
const freeAgain = 0.1;

export const outOfFiles: Refusal = {
  status: 503,
  code: "TOO_MANY_OPEN_FILES",
  message: "the service has no file descriptors left for connections",
  headers: retryLater,
};

export type Room = "free" | "full" | "none";

/** How many more sockets this process may take before it runs out of file descriptors. */
export class SocketRoom {
  readonly #logger: Logger;
  readonly #softLimit: number | null;
  readonly #most: number;
  /** By the address of the peer, which a TLS socket shares with the TCP socket below it. */
  readonly #tooMany = new Set<string>();
  #open = 0;
  #troubled = false;

  constructor(logger: Logger, softLimit = readOpenFileLimits().soft) {
    this.#logger = logger;
    this.#softLimit = softLimit;
    this.#most = mostSockets(softLimit) ?? Number.POSITIVE_INFINITY;
  }

  /** Counts a socket until it closes. `full`: it can be told so; `none`: there is not even room for that. */
  enter(socket: Socket): Room {
    this.#open++;
    if (this.#open <= this.#most) {
      socket.once("close", () => this.#leave());
      return "free";
    }
    const key = keyOf(socket);
    this.#tooMany.add(key);
    socket.once("close", () => {
      this.#tooMany.delete(key);
      this.#leave();
    });
    if (!this.#troubled) {
      this.#troubled = true;
      this.#logger.error("Too many open files", {
        sockets: this.#open - 1,
        limit: this.#softLimit ?? undefined,
      });
    }
    return this.#open <= this.#most + refusedAtOnce ? "full" : "none";
  }

  isFullFor(socket: Socket): boolean {
    return this.#tooMany.has(keyOf(socket));
  }

  #leave(): void {
    this.#open--;
    if (!this.#troubled || this.#open > this.#most * (1 - freeAgain)) return;
    this.#troubled = false;
    this.#logger.info("open files are well below the limit again", { sockets: this.#open });
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
