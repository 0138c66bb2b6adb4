import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rename, stat, unlink, utimes } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

export interface RotatedFile {
  name: string;
  path: string;
  bytes: number;
  modifiedAtMs: number;
  /** When it was rotated, as its name says: no line in it is younger. */
  rotatedAtMs: number;
  compressed: boolean;
}

/**
 * The files that a log was rotated into: `service.log` beside `service-20261123T081502123Z.log.gz`. The folder
 * itself is the record of them, so that files of an earlier process are found, compressed and removed too.
 */
export class RotatedFiles {
  #folder = "";
  #stem = "";
  #extension = "";
  #lastStampMs = 0;

  constructor(file: string) {
    this.follow(file);
  }

  /** The log is at another path, as behind a symbolic link. */
  follow(file: string): void {
    this.#folder = dirname(file);
    this.#extension = extname(file);
    this.#stem = basename(file, this.#extension);
  }

  /** Newest first. A file that is there both plain and compressed counts as compressed. */
  async list(): Promise<RotatedFile[]> {
    const found = new Map<number, RotatedFile>();
    for (const name of await readdir(this.#folder)) {
      const rotatedAtMs = this.#stampOf(name);
      if (rotatedAtMs === null) continue;
      const compressed = name.endsWith(".gz");
      if (!compressed && found.get(rotatedAtMs)?.compressed) continue;
      const path = join(this.#folder, name);
      const seen = await stat(path).catch(() => null);
      if (!seen?.isFile()) continue;
      const { size: bytes, mtimeMs } = seen;
      found.set(rotatedAtMs, {
        name,
        path,
        bytes,
        modifiedAtMs: Math.floor(mtimeMs),
        rotatedAtMs,
        compressed,
      });
    }
    return [...found.values()].sort((a, b) => b.rotatedAtMs - a.rotatedAtMs);
  }

  /** A name that sorts after every one there is, even when the clock was set back. */
  async nextPath(nowMs: number): Promise<string> {
    const newest = (await this.list())[0]?.rotatedAtMs ?? 0;
    this.#lastStampMs = Math.max(nowMs, newest + 1, this.#lastStampMs + 1);
    const stamp = new Date(this.#lastStampMs).toISOString().replace(/[-:.]/g, "");
    return join(this.#folder, `${this.#stem}-${stamp}${this.#extension}`);
  }

  /** Removes what is more than `keep`, oldest first; answers the names. */
  async prune(keep: number): Promise<string[]> {
    const removed: string[] = [];
    for (const file of (await this.list()).slice(keep)) {
      await unlink(file.path);
      removed.push(file.name);
    }
    return removed;
  }

  /**
   * Compresses what is plain, oldest first. A compressed file gets its name when it is complete, and the plain one
   * goes after that: a crash at any point leaves every line in exactly one file that counts.
   */
  async compress(): Promise<void> {
    await this.#removeRemains();
    for (const file of (await this.list()).reverse()) {
      if (file.compressed) continue;
      const unfinished = `${file.path}.gz.tmp`;
      try {
        await pipeline(
          createReadStream(file.path),
          createGzip(),
          createWriteStream(unfinished, { flush: true }),
        );
        await utimes(unfinished, file.modifiedAtMs / 1_000, file.modifiedAtMs / 1_000);
        await rename(unfinished, `${file.path}.gz`);
      } catch (error) {
        await unlink(unfinished).catch(() => {});
        throw error;
      }
      await unlink(file.path);
    }
  }

  /** What a process left behind that died while it compressed. */
  async #removeRemains(): Promise<void> {
    const names = new Set(await readdir(this.#folder));
    for (const name of names) {
      const unfinished = name.endsWith(".gz.tmp") && this.#stampOf(name.slice(0, -".tmp".length)) !== null;
      const twice = this.#stampOf(name) !== null && names.has(`${name}.gz`);
      if (unfinished || twice) await unlink(join(this.#folder, name));
    }
  }

  #stampOf(name: string): number | null {
    const plain = name.endsWith(".gz") ? name.slice(0, -".gz".length) : name;
    if (!plain.startsWith(`${this.#stem}-`) || !plain.endsWith(this.#extension)) return null;
    const stamp = plain.slice(this.#stem.length + 1, plain.length - this.#extension.length);
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(stamp);
    if (parts === null) return null;
    const [, year, month, day, hour, minute, second, ms] = parts;
    const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
    return Number.isNaN(atMs) ? null : atMs;
  }
}
