import { fstatSync, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import { formatLogLine } from "../../process/logger";

/** What a reader that does not read may leave waiting here. */
const largestBacklogBytes = 262_144;

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
  #closed = false;
  readonly #onError = (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") this.#closed = true;
  };

  constructor(stream: Writable & { fd?: number } = process.stdout) {
    this.#stream = stream;
    this.#file = stream.fd !== undefined && writesAtOnce(stream.fd) ? stream.fd : null;
    stream.on("error", this.#onError);
  }

  write(line: string): void {
    const full = this.#stream.destroyed || this.#stream.writableLength > largestBacklogBytes;
    const told = this.#untold === 0 ? "" : `${this.#lossLine()}\n`;
    if (this.#closed || full || !this.#send(`${told}${line}\n`)) {
      this.lost++;
      this.#untold++;
    } else this.#untold = 0;
  }

  close(): void {
    this.#closed = true;
    this.#stream.off("error", this.#onError);
  }

  #send(text: string): boolean {
    if (this.#file === null) {
      this.#stream.write(text);
      return true;
    }
    try {
      writeSync(this.#file, text);
      return true;
    } catch {
      return false;
    }
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
