import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { replaceFile } from "../../process/replace-file";
import { contentOf } from "./file";
import type { ConfigHistory } from "./history";
import { readRegularFile } from "./read-regular-file";

const largestKept = 16 * 1_048_576;

export interface RollBackOrder {
  file: string;
  bytes: Buffer;
  history: ConfigHistory;
  by: string;
  atMs: number;
}

/**
 * Writes an older text over the configuration file, its mode and owner kept. What stood there and was never
 * applied goes into the history first. Throws the system's error; the file is then as it was.
 */
export async function rollBack({ file, bytes, history, by, atMs }: RollBackOrder): Promise<void> {
  // A link stays a link: what it leads to is replaced.
  const target = await realpath(file).catch(() => file);
  const there = await stat(target).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  if (there === null) {
    await replaceFile(target, bytes, 0o600);
    return;
  }
  const content = contentOf(readRegularFile(target, largestKept));
  const known = await history.list(resolve(file));
  if (!known.some((version) => version.sha256 === content.sha256)) {
    await history.add({ file: resolve(file), content, cause: "replaced", by, atMs });
  }
  const { uid, gid } = there;
  await replaceFile(target, bytes, there.mode & 0o7777, { uid, gid });
}
