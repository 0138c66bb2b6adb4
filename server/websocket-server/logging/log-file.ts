import type { LogRotation } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import { LineQueue } from "./line-queue";
import { LogWriter, type LogWriterOptions, WriteFailed } from "./log-writer";
import { within } from "./within";

/** Lines are given up above this backlog: a full disk must not become a full memory. */
const largestBacklogBytes = 4_194_304;
const largestWriteBytes = 262_144;
/** Lines that follow each other closely wait so long to share a write: each costs a turn of another thread. */
const writeEveryMs = 25;
/** What a disk that hangs may hold up. */
const closeWithinMs = 5_000;

export interface LogFileOptions extends Pick<LogWriterOptions, "file" | "maxBytes" | "keep" | "compress"> {
  retryAfterMs?: number;
  checkEveryMs?: number;
  /** A rotation that was asked for answers after this time with what is done by then. */
  answerWithinMs?: number;
  now?: () => number;
  onTrouble?(what: string, error: unknown): void;
  /** The file takes lines again: how many were lost, and how many are written late. */
  onRecovered?(lost: number, late: number): void;
}

type Rotation = { path: string; bytes: number } | null;

/**
 * The log on disk. One loop does everything that touches the file, so that writing, rotating and opening anew can't
 * overtake each other. Failing writes are counted and never thrown: what comes meanwhile is kept up to a limit and
 * written once the disk takes it; what did not fit is told when it does.
 */
export class LogFile {
  /** Lines that could not be written when they came, whether they were written later or lost. */
  failedWrites = 0;
  lastFailedWriteAtMs: number | null = null;
  /** Lines given up. */
  lost = 0;
  readonly #options: Required<LogFileOptions>;
  readonly #writer: LogWriter;
  readonly #queue = new LineQueue(largestBacklogBytes);
  readonly #rotationsAsked: { resolve(rotation: Rotation): void; reject(error: unknown): void }[] = [];
  #failing = false;
  #late = 0;
  #untoldLost = 0;
  #underWayBytes = 0;
  #wroteAt = Number.NEGATIVE_INFINITY;
  /** Those who wait for the lines, and how to end a pause for them. */
  #hurrying = 0;
  #endPause: (() => void) | null = null;
  #retry: NodeJS.Timeout | null = null;
  #loop: Promise<void> | null = null;
  #closed = false;

  constructor(options: LogFileOptions) {
    this.#options = {
      retryAfterMs: 1_000,
      checkEveryMs: 1_000,
      answerWithinMs: 20_000,
      now: Date.now,
      onTrouble: () => {},
      onRecovered: () => {},
      ...options,
    };
    this.#writer = new LogWriter(this.#options);
  }

  get path(): string {
    return this.#options.file;
  }

  get rotated() {
    return this.#writer.rotated;
  }

  get rotations(): number {
    return this.#writer.rotations;
  }

  /** True while lines can't be written. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Null while the file can't be written. */
  get size(): number | null {
    return this.#failing ? null : this.#writer.size;
  }

  get #largestWrite(): number {
    return Math.min(largestWriteBytes, this.#options.maxBytes);
  }

  write(line: string): void {
    if (this.#closed) return;
    // After the first lost line all are, until that is told: the hole has one place.
    const kept = this.#untoldLost === 0 && this.#queue.push(line);
    if (this.#failing || !kept) this.#countFailed(1);
    if (!kept) {
      this.lost++;
      this.#untoldLost++;
    } else if (this.#failing) this.#late++;
    if (this.#queue.bytes >= this.#largestWrite) this.#endPause?.();
    this.#wake();
  }

  /** Returns when everything so far is in the file, can't be for now, or takes too long. */
  async flushed(withinMs = 1_000): Promise<void> {
    this.#hurrying++;
    this.#endPause?.();
    await within(this.#loop ?? Promise.resolve(), withinMs);
    this.#hurrying--;
  }

  /** Rotates and prunes now. Throws STORAGE_FAILED when the file can't be moved. */
  async rotate(): Promise<LogRotation> {
    const { rotated } = this.#writer;
    const before = sumBytes(await rotated.list().catch(() => []));
    const rotation = await new Promise<Rotation>((resolve, reject) => {
      this.#rotationsAsked.push({ resolve, reject });
      this.#endPause?.();
      this.#wake();
    }).catch((error: unknown) => {
      throw new CodedError("STORAGE_FAILED", `the log can't be rotated: ${textOf(error)}`, {}, error);
    });
    const removed = (await within(this.#writer.upkeep(), this.#options.answerWithinMs)) ?? [];
    const files = await rotated.list();
    const path = rotation?.path;
    return {
      rotated: files.find((file) => file.path === path || file.path === `${path}.gz`)?.name ?? null,
      freed_bytes: before + (rotation?.bytes ?? 0) - sumBytes(files),
      removed,
      files: files.map((file) => ({
        name: file.name,
        bytes: file.bytes,
        modified_at_ms: file.modifiedAtMs,
      })),
    };
  }

  /** Writes what waits, as far as the disk takes it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    this.#endPause?.();
    await within(this.#finish(), closeWithinMs);
  }

  /** For the end of a process that did not come to close it. */
  writeNow(): void {
    const left = this.#queue.peek(Number.POSITIVE_INFINITY).subarray(this.#underWayBytes);
    if (left.length > 0) this.#writer.appendNow(left);
  }

  async #finish(): Promise<void> {
    await this.#loop;
    if (this.#queue.length > 0) await this.#run();
    this.lost += this.#queue.length;
    await this.#writer.upkeep();
    await this.#writer.close();
  }

  #wake(): void {
    if (this.#loop !== null || (this.#retry !== null && this.#rotationsAsked.length === 0)) return;
    this.#loop = this.#run().finally(() => {
      this.#loop = null;
      if (this.#queue.length > 0 && !this.#failing && !this.#closed) this.#wake();
    });
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0 || this.#rotationsAsked.length > 0) {
        if (this.#queue.length > 0) await this.#writeSome();
        const asked = this.#rotationsAsked.splice(0);
        if (asked.length === 0) continue;
        try {
          const rotation = await this.#writer.rotate();
          for (const { resolve } of asked) resolve(rotation);
        } catch (error) {
          for (const { reject } of asked) reject(error);
        }
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  async #writeSome(): Promise<void> {
    await this.#pause();
    this.#wroteAt = performance.now();
    const lines = this.#queue.peek(this.#largestWrite);
    await this.#writer.prepare(lines.length);
    try {
      this.#underWayBytes = lines.length;
      await this.#writer.append(lines);
      this.#queue.shift(lines.length);
    } catch (error) {
      if (error instanceof WriteFailed) this.#queue.shift(error.writtenBytes);
      throw error;
    } finally {
      this.#underWayBytes = 0;
    }
    this.#succeeded();
  }

  /** Until the end of this turn of the event loop, longer when the last write was a moment ago. */
  async #pause(): Promise<void> {
    const leftMs = this.#wroteAt + writeEveryMs - performance.now();
    const hurried = this.#hurrying > 0 || this.#rotationsAsked.length > 0 || this.#closed;
    if (leftMs <= 0 || hurried || this.#queue.bytes >= this.#largestWrite) {
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leftMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = null;
  }

  #succeeded(): void {
    const [lost, late] = [this.#untoldLost, this.#late];
    this.#failing = false;
    this.#untoldLost = 0;
    this.#late = 0;
    if (lost > 0 || late > 0) this.#options.onRecovered(lost, late);
  }

  #failed(error: unknown): void {
    for (const { reject } of this.#rotationsAsked.splice(0)) reject(error);
    if (!this.#failing) {
      this.#failing = true;
      this.#late += this.#queue.length;
      this.#countFailed(this.#queue.length);
    }
    this.lastFailedWriteAtMs = this.#options.now();
    if (this.#closed) return;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#wake();
    }, this.#options.retryAfterMs);
    this.#retry.unref();
  }

  #countFailed(lines: number): void {
    this.failedWrites += lines;
    this.lastFailedWriteAtMs = this.#options.now();
  }
}

function sumBytes(files: { bytes: number }[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
