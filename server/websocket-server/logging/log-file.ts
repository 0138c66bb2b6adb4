import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createStream, type RotatingFileStream } from "rotating-file-stream";
import { makeFolder } from "../../process/make-folder.mjs";

/** Lines are given up above this backlog: a full disk must not become a full memory. */
const largestBacklogBytes = 1_048_576;

export interface LogFileOptions {
  file: string;
  maxBytes: number;
  keep: number;
  compress: boolean;
  /** How long a failed file is left alone. */
  retryAfterMs?: number;
}

/**
 * The log on disk, rotated by size and daily. Failing writes are counted and never thrown: the service
 * outlives its disk, and the log comes back with it.
 */
export class LogFile {
  failedWrites = 0;
  lastFailedWriteAtMs: number | null = null;
  readonly #options: LogFileOptions;
  readonly #retryAfterMs: number;
  #stream: RotatingFileStream | null = null;
  #pending = 0;
  #retryAt = 0;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#retryAfterMs = options.retryAfterMs ?? 5_000;
  }

  write(line: string): void {
    const stream = this.#stream ?? this.#open();
    if (stream === null || stream.writableLength > largestBacklogBytes) {
      this.#lost(1);
      return;
    }
    this.#pending++;
    stream.write(`${line}\n`, (error) => {
      this.#pending--;
      if (error) this.#lost(1);
    });
  }

  /** Null when the file can't be looked at. */
  size(): number | null {
    try {
      return statSync(this.#options.file).size;
    } catch {
      return null;
    }
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = null;
    this.#retryAt = Number.POSITIVE_INFINITY;
    if (stream === null || stream.destroyed) return;
    await new Promise<void>((resolve) => {
      stream.once("close", resolve);
      stream.once("error", () => resolve());
      stream.end(resolve);
    });
  }

  #open(): RotatingFileStream | null {
    if (Date.now() < this.#retryAt) return null;
    const { file, maxBytes, keep, compress } = this.#options;
    try {
      makeFolder(dirname(file));
      const stream = createStream(basename(file), {
        path: dirname(file),
        size: `${Math.ceil(maxBytes / 1_024)}K`,
        interval: "1d",
        maxFiles: keep,
        compress: compress ? "gzip" : false,
      });
      stream.on("error", () => this.#failed(stream));
      this.#stream = stream;
      return stream;
    } catch {
      this.#retryAt = Date.now() + this.#retryAfterMs;
      return null;
    }
  }

  #lost(lines: number): void {
    this.failedWrites += lines;
    this.lastFailedWriteAtMs = Date.now();
  }

  #failed(stream: RotatingFileStream): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#retryAt = Date.now() + this.#retryAfterMs;
    this.#lost(Math.max(1, this.#pending));
    this.#pending = 0;
    stream.destroy();
  }
}
