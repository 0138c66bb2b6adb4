import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../process/make-folder.mjs";

/** A log file that is open for appending whole lines. */
export interface OpenFile {
  handle: FileHandle;
  /** With symbolic links followed: a rotation moves the file, not a link to it. */
  path: string;
  device: number;
  inode: number;
  /** False for the likes of /dev/null, which aren't rotated. */
  regular: boolean;
  size: number;
  /** Day, in UTC, of what stands in it; null while it is empty. */
  day: string | null;
}

/** Throws the system's error. A pipe is refused: to open one would hang until someone reads it. */
export async function openFile(file: string): Promise<OpenFile> {
  makeFolder(dirname(file));
  const before = await stat(file).catch(() => null);
  if (before !== null && !before.isFile() && !before.isCharacterDevice()) {
    throw new Error(`${file} is not a file`);
  }
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o666);
  try {
    const path = await realpath(file);
    const stats = await handle.stat();
    const regular = stats.isFile();
    const size = regular ? stats.size : 0;
    const day = size > 0 ? dayOf(stats.mtimeMs) : null;
    const opened = { handle, path, device: stats.dev, inode: stats.ino, regular, size, day };
    if (regular) await endTornLine(opened);
    return opened;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** A process that died while it wrote may have left half a line, which must not become part of the next one. */
async function endTornLine(file: OpenFile): Promise<void> {
  if (file.size === 0) return;
  const { buffer } = await file.handle.read(Buffer.alloc(1), 0, 1, file.size - 1);
  if (buffer[0] === 0x0a) return;
  await file.handle.write("\n");
  file.size++;
}
