import { fstatSync, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import { formatLogLine } from "../../process/logger";

/** What a reader that does not read may leave waiting here. */
const largestBacklogBytes = 262_144;
const lineBreak = 0x0a;

/**
 * Lines to the standard output, which may be a pipe that nobody empties or that was closed, or a file on a full
 * disk: such lines are given up and counted, and the first that goes through again is led by one that tells.
 */
export class StandardOutput {
  lost = 0;
  readonly #stream: Writable;
  /** A file is written past the stream, which would not come back from its first error. */
  readonly #file: number | null;
  #untold = 0;
  /** Whether the last line written is only the beginning of one. */
  #cutShort = false;
  #closed = false;
  readonly #onError = (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") this.#closed = true;
  };

  constructor(stream: Writable & { fd?: number } = process.stdout) {
    this.#stream = stream;
    this.#file = stream.fd !== undefined && writesAtOnce(stream.fd) ? stream.fd : null;
    stream.on("error", this.#onError);
  }

  /** Takes whole lines, with their breaks. */
  write(text: string, lines: number): void {
    const full = this.#stream.destroyed || this.#stream.writableLength > largestBacklogBytes;
    const told = this.#untold === 0 ? "" : `${this.#lossLine()}\n`;
    const left = this.#closed || full ? Number.POSITIVE_INFINITY : this.#send(`${told}${text}`);
    const lost = Math.min(lines, left);
    this.lost += lost;
    // What stands before the lines went through when no more than they are left.
    this.#untold = left <= lines ? lost : this.#untold + lost;
  }

  close(): void {
    this.#closed = true;
    this.#stream.off("error", this.#onError);
  }

  /** Answers how many lines did not go through, also in part. */
  #send(text: string): number {
    if (this.#file === null) {
      this.#stream.write(text);
      return 0;
    }
    const bytes = Buffer.from(this.#cutShort ? `\n${text}` : text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    } catch {
      // What fits on a full disk is there; the rest is told as lost.
    }
    if (written > 0) this.#cutShort = bytes[written - 1] !== lineBreak;
    return bytes.subarray(written).filter((byte) => byte === lineBreak).length;
  }

  #lossLine(): string {
    const message = `standard output takes lines again, ${this.#untold} lines lost`;
    return formatLogLine("WARN", message, { lost: this.#untold }, Date.now());
  }
}

function writesAtOnce(fd: number): boolean {
  try {
    const kind = fstatSync(fd);
    return kind.isFile();
  } catch {
    return false;
  }
}
