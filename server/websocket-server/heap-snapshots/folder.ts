import type { Stats as FileStats } from "node:fs";
import { open, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { HeapSnapshots } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";

type Snapshot = HeapSnapshots["snapshots"][number];

/** Newest first. A folder that is not there yet holds none. */
export async function listSnapshots(folder: string): Promise<Snapshot[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".heapsnapshot"))
      .map(async (name) => {
        const file = await stat(join(folder, name)).catch(() => null);
        return file?.isFile() ? snapshotOf(name, file) : null;
      }),
  );
  return found.filter((each) => each !== null).sort((a, b) => b.created_at_ms - a.created_at_ms);
}

function snapshotOf(name: string, file: FileStats): Snapshot {
  return { name, bytes: file.size, created_at_ms: Math.round(file.mtimeMs) };
}

/** What the nearest folder that exists has left, null where it can't be told. */
export async function readAvailable(folders: readonly string[]): Promise<number | null> {
  for (const folder of folders) {
    const disk = await statfs(folder).catch(() => null);
    if (disk !== null) return disk.bavail * disk.bsize;
  }
  return null;
}

/** Throws UNKNOWN_HEAP_SNAPSHOT. The name is looked up in the listing, so it never is a path. */
export async function findSnapshot(folder: string, name: string): Promise<Snapshot> {
  const found = (await listSnapshots(folder)).find((snapshot) => snapshot.name === name);
  if (found === undefined) throw new CodedError("UNKNOWN_HEAP_SNAPSHOT", "no such heap snapshot", { name });
  return found;
}

export async function streamSnapshot(folder: string, name: string): Promise<ReadableStream<Uint8Array>> {
  const file = await open(join(folder, name));
  return Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
}

export async function removeSnapshot(folder: string, name: string): Promise<void> {
  await rm(join(folder, name));
}
