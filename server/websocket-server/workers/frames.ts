import { deserialize, serialize } from "node:v8";

const headerBytes = 4;

/** A value as one length-prefixed piece of a byte stream; throws when it can't be cloned. */
export function encodeFrame(value: unknown): Buffer {
  const body = serialize(value);
  const frame = Buffer.allocUnsafe(headerBytes + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, headerBytes);
  return frame;
}

/** Puts the values of a byte stream together again. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #wanted = headerBytes;

  /** The values that `chunk` completes. */
  push(chunk: Buffer): unknown[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#wanted) return [];
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const values: unknown[] = [];
    let at = 0;
    for (;;) {
      const left = all.length - at;
      this.#wanted = left < headerBytes ? headerBytes : headerBytes + all.readUInt32BE(at);
      if (left < this.#wanted) break;
      values.push(deserialize(all.subarray(at + headerBytes, at + this.#wanted)));
      at += this.#wanted;
    }
    this.#chunks = at === all.length ? [] : [all.subarray(at)];
    this.#bytes = all.length - at;
    return values;
  }
}
