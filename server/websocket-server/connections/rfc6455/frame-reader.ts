import { isUtf8 } from "node:buffer";
import { Assembly } from "./assembly";
import { isCloseCode, noCode } from "./close-code";

export interface FrameLimits {
  /** Of a whole message, fragments together. */
  maxBytes: number;
  maxFragments: number;
  /** Pings, pongs and closes. */
  maxControlPerSecond: number;
}

/** What the peer did that ends the connection, as the close code that tells it. */
export interface Violation {
  code: number;
  reason: string;
}

export interface FrameEvents {
  limits(): FrameLimits;
  /** `data` is only valid during the call. */
  onMessage(data: Buffer, isBinary: boolean): void;
  onPing(data: Buffer): void;
  onPong(data: Buffer): void;
  onClose(code: number, reason: string): void;
  onViolation(violation: Violation): void;
}

const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;
const known = new Set<number>(Object.values(opcodes));
const nothing = Buffer.alloc(0);

/**
 * Frames as clients send them (RFC 6455, section 5), byte by byte and so strict that nothing is buffered that
 * could have been refused: lengths when they are announced, UTF-8 at the first wrong byte.
 */
export class FrameReader {
  readonly #events: FrameEvents;
  #ended = false;
  /** Bytes of the current frame's header that came; 0 between frames. */
  #headerBytes = 0;
  #lengthBytes = 0;
  #inPayload = false;
  #final = false;
  #opcode = 0;
  #length = 0;
  #taken = 0;
  #mask = 0;
  #message: Assembly | null = null;
  #control: Buffer | null = null;
  #controlAllowance = Number.POSITIVE_INFINITY;
  #controlAt = 0;
  #incompleteSince = 0;
  #progressAt = 0;

  constructor(events: FrameEvents) {
    this.#events = events;
  }

  /** When the frame or message that is not complete yet began, monotonic clock; 0 when none is under way. */
  get incompleteSince(): number {
    return this.#incompleteSince;
  }

  /** When bytes last came that completed nothing, monotonic clock; 0 when none ever did. */
  get progressAt(): number {
    return this.#progressAt;
  }

  /** Memory held for what is not complete yet. */
  get heldBytes(): number {
    return (this.#message?.heldBytes ?? 0) + (this.#control?.length ?? 0);
  }

  /** Takes what the socket read; unmasks it in place. */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      if (this.#inPayload) at = this.#readPayload(chunk, at);
      else this.#readHeader(chunk[at++] as number);
    }
    if (this.#ended || (this.#headerBytes === 0 && this.#message === null)) {
      this.#incompleteSince = 0;
      return;
    }
    this.#progressAt = performance.now();
    if (this.#incompleteSince === 0) this.#incompleteSince = this.#progressAt;
  }

  /** Takes nothing more, and lets go of what it holds. */
  end(): void {
    this.#ended = true;
    this.#message = null;
    this.#control = null;
    this.#incompleteSince = 0;
  }

  #readHeader(byte: number): void {
    const index = this.#headerBytes++;
    if (index === 0) this.#readFirst(byte);
    else if (index === 1) this.#readSecond(byte);
    else if (index < 2 + this.#lengthBytes) this.#readLength(byte, index === 2);
    else this.#mask = (this.#mask << 8) | byte;
    if (this.#ended) return;
    const beforeMask = 2 + this.#lengthBytes;
    if (index > 0 && this.#headerBytes === beforeMask) this.#haveLength();
    if (index > 1 && this.#headerBytes === beforeMask + 4) this.#havePayload();
  }

  #readFirst(byte: number): void {
    this.#final = (byte & 0x80) !== 0;
    this.#opcode = byte & 0x0f;
    if ((byte & 0x70) !== 0) this.#fail(1002, "reserved bits are set");
    else if (!known.has(this.#opcode)) this.#fail(1002, "reserved opcode");
    else if (this.#isControl() && !this.#final) this.#fail(1002, "fragmented control frame");
    else if (this.#opcode === opcodes.continuation && this.#message === null) {
      this.#fail(1002, "continuation of nothing");
    } else if (!this.#isControl() && this.#opcode !== opcodes.continuation && this.#message !== null) {
      this.#fail(1002, "new message within another");
    }
  }

  #readSecond(byte: number): void {
    const length = byte & 0x7f;
    this.#mask = 0;
    this.#taken = 0;
    this.#length = length < 126 ? length : 0;
    this.#lengthBytes = length < 126 ? 0 : length === 126 ? 2 : 8;
    if ((byte & 0x80) === 0) this.#fail(1002, "frame is not masked");
    else if (this.#isControl() && length > 125) this.#fail(1002, "control frame over 125 bytes");
    else if (this.#opcode === opcodes.close && length === 1) this.#fail(1002, "close code is cut short");
  }

  #readLength(byte: number, first: boolean): void {
    if (first && this.#lengthBytes === 8 && byte >= 0x80) this.#fail(1002, "length with the top bit set");
    else this.#length = this.#length * 256 + byte;
  }

  #haveLength(): void {
    const least = this.#lengthBytes === 0 ? 0 : this.#lengthBytes === 2 ? 126 : 65_536;
    if (this.#length < least) {
      this.#fail(1002, "length is not in its shortest form");
      return;
    }
    if (this.#isControl()) {
      this.#spendControl();
      return;
    }
    const { maxBytes, maxFragments } = this.#events.limits();
    if ((this.#message?.announcedBytes ?? 0) + this.#length > maxBytes) {
      this.#fail(1009, "message too big");
    } else if ((this.#message?.fragments ?? 0) + 1 > maxFragments) {
      this.#fail(1008, "too many fragments");
    }
  }

  #havePayload(): void {
    this.#inPayload = true;
    if (this.#length === 0) this.#take(nothing);
  }

  #readPayload(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#length - this.#taken);
    const part = chunk.subarray(at, end);
    this.#unmask(part);
    this.#taken += part.length;
    this.#take(part);
    return end;
  }

  #unmask(part: Buffer): void {
    if (this.#mask === 0) return;
    const turned = 8 * (this.#taken & 3);
    const mask = turned === 0 ? this.#mask : (this.#mask << turned) | (this.#mask >>> (32 - turned));
    const [first, second, third, fourth] = [
      mask >>> 24,
      (mask >>> 16) & 0xff,
      (mask >>> 8) & 0xff,
      mask & 0xff,
    ];
    const length = part.length;
    // Four at a time takes half as long as one by one. What is written past the end is not there.
    for (let i = 0; i < length; i += 4) {
      part[i] = (part[i] as number) ^ first;
      part[i + 1] = (part[i + 1] as number) ^ second;
      part[i + 2] = (part[i + 2] as number) ^ third;
      part[i + 3] = (part[i + 3] as number) ^ fourth;
    }
  }

  /** The next `part` of the frame's payload, its last when the frame is complete. */
  #take(part: Buffer): void {
    const whole = this.#taken === this.#length;
    if (this.#isControl()) {
      this.#takeControl(part, whole);
      return;
    }
    if (whole && this.#final && this.#message === null && part.length === this.#length) {
      const isBinary = this.#opcode === opcodes.binary;
      this.#endFrame();
      if (isBinary || isUtf8(part)) this.#events.onMessage(part, isBinary);
      else this.#fail(1007, "text is not UTF-8");
      return;
    }
    this.#message ??= new Assembly(this.#opcode === opcodes.binary);
    const message = this.#message;
    if (this.#taken === part.length) {
      message.fragments++;
      message.announcedBytes += this.#length;
    }
    if (!message.append(part)) {
      this.#fail(1007, "text is not UTF-8");
      return;
    }
    if (!whole) return;
    this.#endFrame();
    if (!this.#final) return;
    this.#message = null;
    const data = message.finish();
    if (data === null) this.#fail(1007, "text is not UTF-8");
    else this.#events.onMessage(data, message.binary);
  }

  #takeControl(part: Buffer, whole: boolean): void {
    let data = part;
    if (part.length < this.#length) {
      this.#control ??= Buffer.allocUnsafeSlow(this.#length);
      part.copy(this.#control, this.#taken - part.length);
      data = this.#control;
    }
    if (!whole) return;
    this.#control = null;
    const opcode = this.#opcode;
    this.#endFrame();
    if (opcode === opcodes.ping) this.#events.onPing(data);
    else if (opcode === opcodes.pong) this.#events.onPong(data);
    else this.#takeClose(data);
  }

  #takeClose(data: Buffer): void {
    const code = data.length === 0 ? noCode : data.readUInt16BE(0);
    const reason = data.subarray(2);
    if (data.length > 0 && !isCloseCode(code)) {
      this.#fail(1002, "close code may not be sent");
    } else if (!isUtf8(reason)) {
      this.#fail(1007, "close reason is not UTF-8");
    } else {
      this.end();
      this.#events.onClose(code, reason.toString("utf8"));
    }
  }

  #endFrame(): void {
    this.#headerBytes = 0;
    this.#inPayload = false;
  }

  #isControl(): boolean {
    return this.#opcode >= 0x8;
  }

  #spendControl(): void {
    const { maxControlPerSecond } = this.#events.limits();
    const now = performance.now();
    const earned = ((now - this.#controlAt) / 1_000) * maxControlPerSecond;
    this.#controlAllowance = Math.min(maxControlPerSecond, this.#controlAllowance + earned);
    this.#controlAt = now;
    if (this.#controlAllowance < 1) this.#fail(1008, "too many control frames");
    else this.#controlAllowance--;
  }

  #fail(code: number, reason: string): void {
    this.end();
    this.#events.onViolation({ code, reason });
  }
}
