import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export interface FileOwner {
  uid: number;
  gid: number;
}

/**
 * Puts `content` in a file's place at one stroke: whoever reads sees the old or the new whole, also after a
 * power cut, and once this has returned the new one is on the disk. Throws the system's error; the file is
 * then as it was.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  mode: number,
  owner?: FileOwner,
): Promise<void> {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      // Who may not give files away writes its own: the content matters more than the owner.
      if (owner) await handle.chown(owner.uid, owner.gid).catch(() => {});
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Not every file system can: the file is in its place all the same, and its content on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => null);
  if (folder === null) return;
  await folder.sync().catch(() => {});
  await folder.close();
}
