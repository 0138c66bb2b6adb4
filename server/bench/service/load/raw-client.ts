import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { clientFrame } from "./client-frame";
import { type Dialect, leastDataBytes } from "./dialect";

/** One for all sockets: what is read is done with before the next read. */
const readBuffer = Buffer.allocUnsafe(262_144);

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 };

export interface RawClientOptions {
  port: number;
  /** Of the loopback addresses; the system's choice when undefined. */
  localAddress: string | undefined;
  dialect: Dialect;
  /** A data message ended at `end` of what is in `buffer` from `from` on. */
  onData(client: RawClient, buffer: Buffer, end: number, from: number): void;
}

/** A WebSocket client that counts frames and answers pings, and parses nothing: a load must not be its own limit. */
export class RawClient {
  /** Resolves once the handshake is done; rejects when it is refused. */
  readonly opened: Promise<void>;
  closed = false;
  /** Called at each text too short for data: an answer, once it is open. */
  onShortText: (() => void) | null = null;
  readonly #socket: Socket;
  readonly #options: RawClientOptions;
  #handshake = "";
  #upgraded = false;
  #opening = 0;
  #settle: { resolve(): void; reject(error: Error): void } | null = null;
  /** Bytes of a header that came in pieces. */
  readonly #head: number[] = [];
  #opcode = 0;
  #length = 0;
  #left = 0;

  constructor(options: RawClientOptions) {
    this.#options = options;
    this.opened = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#socket = connect({
      host: "127.0.0.1",
      port: options.port,
      localAddress: options.localAddress,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes) => {
          this.#read(bytes);
          return true;
        },
      },
    });
    this.#socket.on("connect", () => this.#socket.write(this.#upgradeRequest()));
    this.#socket.on("error", (error) => this.#end(error));
    this.#socket.on("close", () => this.#end(new Error("closed during the handshake")));
  }

  send(text: string): void {
    this.#socket.write(clientFrame(text));
  }

  /** Several frames of `clientFrame` at once. */
  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  /** Reads no more. */
  stall(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #upgradeRequest(): string {
    return [
      `GET ${this.#options.dialect.path} HTTP/1.1`,
      `Host: 127.0.0.1:${this.#options.port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "User-Agent: wirewatch-bench",
      "\r\n",
    ].join("\r\n");
  }

  #read(bytes: number): void {
    if (this.#upgraded) {
      this.#readFrames(0, bytes);
      return;
    }
    this.#handshake += readBuffer.toString("latin1", 0, bytes);
    const end = this.#handshake.indexOf("\r\n\r\n");
    if (end < 0) return;
    if (!this.#handshake.startsWith("HTTP/1.1 101")) {
      this.#end(new Error(this.#handshake.slice(0, 300)));
      return;
    }
    this.#upgraded = true;
    const rest = this.#handshake.length - end - 4;
    this.#handshake = "";
    const { greeting, opening } = this.#options.dialect;
    if (greeting !== null) this.send(greeting);
    this.#opening = opening;
    if (opening === 0) this.#settle?.resolve();
    this.#readFrames(bytes - rest, bytes);
  }

  #readFrames(start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, end - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.#frameEnded(start, at);
        continue;
      }
      at = this.#readHeader(at, end);
    }
  }

  #readHeader(start: number, end: number): number {
    let at = start;
    const head = this.#head;
    if (head.length === 0 && end - at >= 4) {
      const short = (readBuffer[at + 1] ?? 0) & 0x7f;
      if (short < 127) {
        this.#opcode = (readBuffer[at] ?? 0) & 0x0f;
        this.#length = short < 126 ? short : readBuffer.readUInt16BE(at + 2);
        this.#left = this.#length;
        at += short < 126 ? 2 : 4;
        if (this.#left === 0) this.#frameEnded(at, at);
        return at;
      }
    }
    while (at < end) {
      head.push(readBuffer[at++] ?? 0);
      const short = (head[1] ?? 0) & 0x7f;
      const wanted = head.length < 2 ? 2 : short < 126 ? 2 : short === 126 ? 4 : 10;
      if (head.length < wanted) continue;
      this.#opcode = (head[0] ?? 0) & 0x0f;
      this.#length = wanted === 2 ? short : head.slice(2).reduce((length, byte) => length * 256 + byte, 0);
      this.#left = this.#length;
      head.length = 0;
      if (this.#left === 0) this.#frameEnded(at, at);
      return at;
    }
    return at;
  }

  #frameEnded(from: number, end: number): void {
    if (this.#opcode === opcodes.text) {
      if (this.#opening > 0 && --this.#opening === 0) this.#settle?.resolve();
      if (this.#length >= leastDataBytes) this.#options.onData(this, readBuffer, end, from);
      // engine.io's own ping
      else if (this.#length === 1) this.send("3");
      else this.onShortText?.();
    } else if (this.#opcode === opcodes.ping) {
      const payload = Buffer.from(readBuffer.subarray(Math.max(from, end - this.#length), end));
      this.#socket.write(clientFrame(payload, opcodes.pong));
    } else if (this.#opcode === opcodes.close) {
      this.#socket.end(clientFrame("", opcodes.close));
    }
  }

  #end(error: Error): void {
    this.closed = true;
    this.#settle?.reject(error);
    this.#settle = null;
    this.#socket.destroy();
  }
}
