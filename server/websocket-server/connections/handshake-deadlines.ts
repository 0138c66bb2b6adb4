import type { Socket } from "node:net";

interface Deadline {
  timer: NodeJS.Timeout;
  /** Takes its listener off the socket, which would hold the timer for as long as the connection lives. */
  forget(): void;
  /** An answer is on its way; running out of time is no failed handshake any more. */
  answered: boolean;
}

/**
 * The time that each socket has from TCP connect to the finished handshake. Node's own limits begin with the
 * first byte, and again after TLS; so deadlines are kept by the peer's address and port, which a TLS socket
 * shares with the TCP socket below it.
 */
export class HandshakeDeadlines {
  readonly #open = new Map<string, Deadline>();
  readonly #onExpired: (socket: Socket) => void;

  constructor(onExpired: (socket: Socket) => void) {
    this.#onExpired = onExpired;
  }

  /** Handshakes under way. */
  get size(): number {
    return this.#open.size;
  }

  begin(socket: Socket, timeoutMs: number): void {
    const key = keyOf(socket);
    const timer = setTimeout(() => {
      this.#open.delete(key);
      if (!deadline.answered) this.#onExpired(socket);
      socket.destroy();
    }, timeoutMs);
    timer.unref();
    const onClose = () => {
      clearTimeout(timer);
      if (this.#open.get(key) === deadline) this.#open.delete(key);
    };
    const forget = () => socket.off("close", onClose);
    const deadline: Deadline = { timer, forget, answered: false };
    this.#open.set(key, deadline);
    socket.once("close", onClose);
  }

  /** The handshake is done. */
  end(socket: Socket): void {
    const key = keyOf(socket);
    const deadline = this.#open.get(key);
    clearTimeout(deadline?.timer);
    deadline?.forget();
    this.#open.delete(key);
  }

  /**
   * The handshake is being refused; the socket is still cut when its time is over. False when it was refused
   * already, as with requests that follow each other in one packet.
   */
  answer(socket: Socket): boolean {
    const deadline = this.#open.get(keyOf(socket));
    if (deadline === undefined || deadline.answered) return false;
    deadline.answered = true;
    return true;
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
