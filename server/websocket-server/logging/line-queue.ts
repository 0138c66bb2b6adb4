/** Lines, each with its line break, that wait to be written. */
export class LineQueue {
  readonly #maxBytes: number;
  #lines: string[] = [];
  #sizes: number[] = [];
  #first = 0;
  bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#lines.length - this.#first;
  }

  /** False when there is no room: what waits is kept rather than what comes, so that a hole has one place. */
  push(line: string): boolean {
    const size = Buffer.byteLength(line) + 1;
    if (this.bytes + size > this.#maxBytes) return false;
    this.#lines.push(`${line}\n`);
    this.#sizes.push(size);
    this.bytes += size;
    return true;
  }

  /** The first lines up to so many bytes, at least one; they stay until `shift`. */
  peek(maxBytes: number): Buffer {
    let bytes = 0;
    let end = this.#first;
    while (end < this.#lines.length) {
      const size = this.#sizes[end] as number;
      if (end > this.#first && bytes + size > maxBytes) break;
      bytes += size;
      end++;
    }
    return Buffer.from(this.#lines.slice(this.#first, end).join(""));
  }

  /** Takes away the whole lines that lie within the first `bytes`; answers their bytes. */
  shift(bytes: number): number {
    let gone = 0;
    while (this.#first < this.#lines.length) {
      const size = this.#sizes[this.#first] as number;
      if (gone + size > bytes) break;
      gone += size;
      this.#first++;
    }
    this.bytes -= gone;
    if (this.#first > 1_024 || this.#first === this.#lines.length) {
      this.#lines = this.#lines.slice(this.#first);
      this.#sizes = this.#sizes.slice(this.#first);
      this.#first = 0;
    }
    return gone;
  }
}
