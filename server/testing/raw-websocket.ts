import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { until } from "./until";

export interface HandshakeLines {
  requestLine?: string;
  /** By lower-case name; replaces those that a right handshake has, null leaves one out. */
  headers?: Record<string, string | readonly string[] | null>;
}

/** The text of an opening handshake, right where nothing else is said. */
export function handshakeText({ requestLine = "GET / HTTP/1.1", headers = {} }: HandshakeLines = {}): string {
  const all = new Map<string, string | readonly string[] | null>([
    ["host", "localhost"],
    ["connection", "Upgrade"],
    ["upgrade", "websocket"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-key", randomBytes(16).toString("base64")],
    ...Object.entries(headers),
  ]);
  const lines = [...all].flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map((each) => `${name}: ${each}`),
  );
  return `${[requestLine, ...lines].join("\r\n")}\r\n\r\n`;
}

export interface HttpAnswer {
  status: number;
  /** By lower-case name. */
  headers: Map<string, string>;
  body: string;
}

export function parseAnswer(text: string): HttpAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]),
    headers: new Map(
      lines.map((line) => [line.split(": ", 1)[0]?.toLowerCase() ?? "", line.replace(/^.*?: /, "")]),
    ),
    body: rest.join("\r\n\r\n"),
  };
}

/** Sends bytes and answers what came until the other side closed. */
export async function exchange(port: number, bytes: string | Buffer): Promise<HttpAnswer> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.write(bytes);
  await once(socket, "close");
  return parseAnswer(text);
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameParts {
  opcode: number;
  payload?: Buffer | string;
  final?: boolean;
  /** The three reserved bits, 4 for the first. */
  reserved?: number;
  masked?: boolean;
  /** How the length is written, the shortest way when left out. */
  lengthBytes?: 0 | 2 | 8;
  /** A length other than the payload's. */
  length?: bigint;
}

/** One frame as a client sends it, right or wrong. */
export function frame(parts: FrameParts): Buffer {
  const { opcode, final = true, reserved = 0, masked = true } = parts;
  const payload = Buffer.from(parts.payload ?? "");
  const length = parts.length ?? BigInt(payload.length);
  const lengthBytes = parts.lengthBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const header = Buffer.alloc(2 + lengthBytes);
  header[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  header[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? Number(length) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) header.writeUInt16BE(Number(length), 2);
  if (lengthBytes === 8) header.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([header, payload]);
  const mask = randomBytes(4);
  const scrambled = payload.map((byte, index) => byte ^ (mask[index % 4] as number));
  return Buffer.concat([header, mask, scrambled]);
}

/** A close frame's payload. */
export function closePayload(code: number, reason: string | Buffer = ""): Buffer {
  const start = Buffer.alloc(2);
  start.writeUInt16BE(code);
  return Buffer.concat([start, Buffer.from(reason)]);
}

export interface ReceivedFrame {
  opcode: number;
  payload: Buffer;
}

/** A WebSocket client that sends any bytes, and does nothing by itself: answers no ping and no close. */
export class RawWebsocket {
  readonly socket: Socket;
  /** What came after the handshake, newest last. */
  readonly frames: ReceivedFrame[] = [];
  answer: HttpAnswer | null = null;
  /** The other side ended the stream. */
  ended = false;
  closed = false;
  #unread = Buffer.alloc(0);

  constructor(port: number, host = "127.0.0.1") {
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.socket.on("error", () => {});
    this.socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.socket.on("end", () => {
      this.ended = true;
    });
    this.socket.on("close", () => {
      this.closed = true;
    });
  }

  /** Opened with a handshake; `first` is sent in the same packet. */
  static async open(port: number, lines: HandshakeLines = {}, first = Buffer.alloc(0)) {
    const client = new RawWebsocket(port);
    client.send(Buffer.concat([Buffer.from(handshakeText(lines)), first]));
    await until("the handshake is answered", () => client.answer !== null || client.closed);
    if (client.answer?.status !== 101) throw new Error(`refused with ${client.answer?.status}`);
    return client;
  }

  /** Text messages that came, parsed. */
  get messages(): Record<string, unknown>[] {
    return this.#payloadsOf(opcodes.text).map((payload) => JSON.parse(payload.toString()));
  }

  get pings(): Buffer[] {
    return this.#payloadsOf(opcodes.ping);
  }

  get pongs(): Buffer[] {
    return this.#payloadsOf(opcodes.pong);
  }

  /** The code of the close frame that came, 1005 when it had none, null when none came. */
  get closeCode(): number | null {
    const [payload] = this.#payloadsOf(opcodes.close);
    if (payload === undefined) return null;
    return payload.length === 0 ? 1_005 : payload.readUInt16BE(0);
  }

  get closeReason(): string {
    return this.#payloadsOf(opcodes.close)[0]?.subarray(2).toString() ?? "";
  }

  send(...parts: (Buffer | string)[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
  }

  sendText(text: string): void {
    this.send(frame({ opcode: opcodes.text, payload: text }));
  }

  /** Resolves once the kernel took what was sent, or the connection is gone. */
  async sent(): Promise<void> {
    await until("everything is sent", () => this.socket.writableLength === 0 || this.socket.destroyed);
  }

  /** The code of the close frame, null when the connection ended without one. */
  async closing(): Promise<number | null> {
    await until("a close frame or the end", () => this.closeCode !== null || this.ended || this.closed);
    return this.closeCode;
  }

  end(): void {
    this.socket.destroy();
  }

  #payloadsOf(opcode: number): Buffer[] {
    return this.frames.filter((each) => each.opcode === opcode).map(({ payload }) => payload);
  }

  #take(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    if (this.answer === null) {
      const end = this.#unread.indexOf("\r\n\r\n");
      if (end === -1) return;
      const answer = parseAnswer(this.#unread.toString("latin1"));
      if (answer.status !== 101) {
        this.answer = answer;
        return;
      }
      this.answer = { ...answer, body: "" };
      this.#unread = this.#unread.subarray(end + 4);
    }
    if (this.answer.status === 101) this.#readFrames();
  }

  #readFrames(): void {
    for (;;) {
      const unread = this.#unread;
      if (unread.length < 2) return;
      const short = (unread[1] as number) & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (unread.length < header) return;
      const length =
        header === 2 ? short : header === 4 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
      if (unread.length < header + length) return;
      this.frames.push({
        opcode: (unread[0] as number) & 0x0f,
        payload: unread.subarray(header, header + length),
      });
      this.#unread = unread.subarray(header + length);
    }
  }
}
