import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { noCloseFrame, noCode } from "./close-code";
import { type FrameLimits, FrameReader, type Violation } from "./frame-reader";
import { endGently } from "./linger";

type Events = {
  message: [data: Buffer, isBinary: boolean];
  ping: [data: Buffer];
  pong: [data: Buffer];
  /** The peer broke the protocol or a limit; the close frame that tells so is on its way. */
  violation: [Violation];
  /** The peer sent its close frame, or ended the stream without one (1006): nothing more is to be sent. */
  peerClosing: [code: number, reason: string];
  /** The socket is closed. The code is the peer's: 1005 when its close frame had none, 1006 without one. */
  close: [code: number, reason: string];
};

const nothing = Buffer.alloc(0);

/**
 * The server's end of one WebSocket. Data frames are written to the socket by whoever has them; control frames
 * and the closing handshake are here. Source: RFC 6455, sections 5.5 and 7.
 */
export class ServerSocket extends EventEmitter<Events> {
  readonly #socket: Duplex;
  readonly #reader: FrameReader;
  #closeSent = false;
  #peerCode = noCloseFrame;
  #peerReason = "";
  #pongDue: Buffer | null = null;

  constructor(socket: Duplex, head: Buffer, limits: () => FrameLimits) {
    super();
    this.#socket = socket;
    this.#reader = new FrameReader({
      limits,
      onMessage: (data, isBinary) => this.emit("message", data, isBinary),
      onPing: (data) => {
        this.#answer(data);
        this.emit("ping", data);
      },
      onPong: (data) => this.emit("pong", data),
      onClose: (code, reason) => this.#onPeerClose(code, reason),
      onViolation: (violation) => {
        this.emit("violation", violation);
        this.fail(violation);
      },
    });
    const tcp = socket as Partial<Socket>;
    tcp.setTimeout?.(0);
    tcp.setNoDelay?.();
    if (head.length > 0) socket.unshift(head);
    socket.on("error", () => socket.destroy());
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => this.#onClosed());
    socket.on("data", (chunk: Buffer) => this.#reader.read(chunk));
  }

  /** False once a close frame went out or came in, or the socket is gone. */
  get open(): boolean {
    return !this.#closeSent && !this.#socket.destroyed && this.#socket.writable;
  }

  /** When the message that the peer has not finished began, monotonic clock; 0 when none is under way. */
  get incompleteSince(): number {
    return this.#reader.incompleteSince;
  }

  /** When bytes last came that completed nothing, monotonic clock: a pong can't overtake a long message. */
  get progressAt(): number {
    return this.#reader.progressAt;
  }

  /** Memory held for a message that the peer has not finished. */
  get heldBytes(): number {
    return this.#reader.heldBytes;
  }

  ping(data: Buffer = nothing): void {
    if (this.open) this.#socket.write(frameOf(0x9, data));
  }

  /** Sends a close frame; the peer's ends the connection. */
  close(code: number, reason = ""): void {
    if (!this.open) return;
    this.#closeSent = true;
    this.#pongDue = null;
    this.#socket.write(closeFrame(code, reason));
  }

  /** Sends a close frame and waits for none: for a peer that can't be understood any more. */
  fail({ code, reason }: Violation): void {
    this.#reader.end();
    this.close(code, reason);
    endGently(this.#socket);
  }

  /** Ends the socket at once. */
  terminate(): void {
    this.#reader.end();
    this.#socket.destroy();
  }

  #onPeerClose(code: number, reason: string): void {
    this.#peerCode = code;
    this.#peerReason = reason;
    this.emit("peerClosing", code, reason);
    if (this.open) {
      this.#closeSent = true;
      this.#socket.write(code === noCode ? frameOf(0x8, nothing) : closeFrame(code, ""));
    }
    this.#pongDue = null;
    endGently(this.#socket);
  }

  /** Only the newest ping is answered while the peer does not read (section 5.5.3). */
  #answer(data: Buffer): void {
    if (!this.open) return;
    if (!this.#socket.writableNeedDrain) {
      this.#socket.write(frameOf(0xa, data));
      return;
    }
    if (this.#pongDue === null) this.#socket.once("drain", () => this.#sendDuePong());
    this.#pongDue = Buffer.from(data);
  }

  #sendDuePong(): void {
    const data = this.#pongDue;
    this.#pongDue = null;
    if (data !== null) this.#answer(data);
  }

  #onEnd(): void {
    this.#reader.end();
    this.emit("peerClosing", this.#peerCode, this.#peerReason);
    endGently(this.#socket);
  }

  #onClosed(): void {
    this.#reader.end();
    this.#pongDue = null;
    this.emit("close", this.#peerCode, this.#peerReason);
  }
}

/** A reason that is too long for a control frame is cut between two characters. */
function closeFrame(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(125);
  payload.writeUInt16BE(code, 0);
  const length = payload.write(reason, 2, "utf8");
  return frameOf(0x8, payload.subarray(0, 2 + length));
}

/** A control frame: its payload is at most 125 bytes. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  frame[0] = 0x80 | opcode;
  frame[1] = payload.length;
  payload.copy(frame, 2);
  return frame;
}
