import { writeSync } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { dayOf, type OpenFile, openFile } from "./open-file";
import { RotatedFiles } from "./rotated-files";

export interface LogWriterOptions {
  file: string;
  maxBytes: number;
  keep: number;
  compress: boolean;
  /** How long what failed is left alone. */
  retryAfterMs: number;
  /** How often it is looked whether the file still is where it was. */
  checkEveryMs: number;
  now: () => number;
  /** A rotation or its upkeep failed; writing goes on. */
  onTrouble(what: string, error: unknown): void;
}

/** What a failed write did get onto the disk, in whole lines. */
export class WriteFailed extends Error {
  constructor(
    readonly writtenBytes: number,
    cause: unknown,
  ) {
    super("the log can't be written", { cause });
  }
}

/**
 * The file under the log: opened, looked after and rotated by size and day (UTC). Its methods must not run at the
 * same time; compressing and pruning go on beside them, on files that nobody writes any more.
 */
export class LogWriter {
  readonly rotated: RotatedFiles;
  /** Grows with each rotation. */
  rotations = 0;
  readonly #options: LogWriterOptions;
  #open: OpenFile | null = null;
  #checkedAt = 0;
  #rotateAgainAt = 0;
  readonly #troubles = new Set<string>();
  #upkeep: Promise<string[]> = Promise.resolve([]);

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.rotated = new RotatedFiles(options.file);
  }

  /** Null while no file is open. */
  get size(): number | null {
    return this.#open?.size ?? null;
  }

  /** Opens the file where it isn't open or was moved or removed, and rotates it where that is due. */
  async prepare(nextBytes: number): Promise<void> {
    const { now, maxBytes, checkEveryMs, retryAfterMs } = this.#options;
    const atMs = now();
    if (this.#open !== null && Math.abs(atMs - this.#checkedAt) >= checkEveryMs) await this.#check();
    this.#open ??= await this.#openAnew();
    const { size, day, regular } = this.#open;
    const due = regular && size > 0 && (size + nextBytes > maxBytes || day !== dayOf(atMs));
    if (!due || atMs < this.#rotateAgainAt) return;
    try {
      await this.rotate();
      this.#troubles.delete("log can't be rotated");
    } catch (error) {
      this.#rotateAgainAt = atMs + retryAfterMs;
      this.#tell("log can't be rotated", error);
      this.#open ??= await this.#openAnew();
    }
  }

  /** Appends whole lines; throws `WriteFailed` when not all of them could be. */
  async append(lines: Buffer): Promise<void> {
    const open = this.#open as OpenFile;
    const sizeBefore = open.size;
    let written = 0;
    try {
      while (written < lines.length) {
        const { bytesWritten } = await open.handle.write(lines, written);
        if (bytesWritten === 0) throw new Error("nothing was taken");
        written += bytesWritten;
        open.size += bytesWritten;
      }
      open.day ??= dayOf(this.#options.now());
    } catch (error) {
      const whole = lines.subarray(0, written).lastIndexOf(0x0a) + 1;
      // Half a line goes, unless someone else writes here as well.
      const cut = await this.#cutBack(open, sizeBefore + whole, open.size).catch(() => false);
      if (!cut) await this.close();
      throw new WriteFailed(whole, error);
    }
  }

  /** For the end of the process, when nothing asynchronous comes to pass any more. */
  appendNow(lines: Buffer): void {
    if (this.#open !== null) writeSync(this.#open.handle.fd, lines);
  }

  /** Moves the file out of the way and opens a new one; answers the path, or null when there was nothing in it. */
  async rotate(): Promise<{ path: string; bytes: number } | null> {
    const open = this.#open ?? (await this.#openAnew());
    this.#open = open;
    if (!open.regular || open.size === 0) {
      this.#keepUp();
      return null;
    }
    const path = await this.rotated.nextPath(this.#options.now());
    await rename(open.path, path);
    this.rotations++;
    await this.close();
    this.#open = await this.#openAnew();
    return { path, bytes: open.size };
  }

  /** The names that the newest upkeep removed, once it is done. */
  upkeep(): Promise<string[]> {
    return this.#upkeep;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    // Whatever a close has to tell came with the writes already.
    await open?.handle.close().catch(() => {});
  }

  async #openAnew(): Promise<OpenFile> {
    const open = await openFile(this.#options.file);
    this.#checkedAt = this.#options.now();
    this.rotated.follow(open.path);
    if (open.regular) this.#keepUp();
    return open;
  }

  /** Lets go of a file that was moved or removed, and learns the size of one that was cut. */
  async #check(): Promise<void> {
    const open = this.#open as OpenFile;
    this.#checkedAt = this.#options.now();
    const seen = await stat(this.#options.file).catch(() => null);
    if (seen?.ino !== open.inode || seen.dev !== open.device) await this.close();
    else if (open.regular) open.size = seen.size;
  }

  async #cutBack(open: OpenFile, to: number, expected: number): Promise<boolean> {
    if (to === expected) return true;
    if (!open.regular || (await open.handle.stat()).size !== expected) return false;
    await open.handle.truncate(to);
    open.size = to;
    return true;
  }

  #keepUp(): void {
    const { keep, compress } = this.#options;
    const { rotated } = this;
    const before = this.#upkeep;
    const trouble = "rotated logs can't be compressed or removed";
    this.#upkeep = (async () => {
      await before;
      try {
        const removed = await rotated.prune(keep);
        if (compress) await rotated.compress();
        this.#troubles.delete(trouble);
        return removed;
      } catch (error) {
        this.#tell(trouble, error);
        return [];
      }
    })();
  }

  /** Once, until it went well again. */
  #tell(what: string, error: unknown): void {
    if (this.#troubles.has(what)) return;
    this.#troubles.add(what);
    this.#options.onTrouble(what, error);
  }
}
