import { chmodSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { getHeapStatistics, writeHeapSnapshot } from "node:v8";
import type { HeapSnapshotJob } from "../../../lib/contract/service-api";
import { makeFolder } from "../../process/make-folder.mjs";

export type Written = { snapshot: NonNullable<HeapSnapshotJob["result"]["snapshot"]>; pauseMs: number };

/** Inside the data folder. */
export function snapshotFolder(dataDir: string): string {
  return join(dataDir, "heap-snapshots");
}

/** What a snapshot of this isolate needs at most: each object costs a node, its edges and its texts. */
export function neededBytes(): number {
  return Math.ceil(getHeapStatistics().used_heap_size * 3) + 16_777_216;
}

/**
 * Writes this isolate's heap; nothing else runs in it meanwhile. What fails leaves no file behind. A snapshot
 * holds every text in memory, tokens too, so only the owner may read it.
 */
export function writeSnapshot(folder: string, worker: string): Written {
  makeFolder(folder);
  const createdAtMs = Date.now();
  const name = `heap-${worker}-${new Date(createdAtMs).toISOString().replaceAll(":", "-")}-${process.pid}.heapsnapshot`;
  const file = join(folder, name);
  const partial = `${file}.part`;
  const startedAt = performance.now();
  const before = process.umask(0o077);
  try {
    writeHeapSnapshot(partial);
    chmodSync(partial, 0o600);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    process.umask(before);
  }
  const snapshot = { name, bytes: statSync(file).size, created_at_ms: createdAtMs };
  return { snapshot, pauseMs: performance.now() - startedAt };
}
