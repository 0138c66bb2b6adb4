import type { FileHandle } from "node:fs/promises";

export const chunkBytes = 65_536;
const lineBreak = 0x0a;

/**
 * The lines of an open file from the last to the first, a chunk's worth at a time (newest first within it). Memory is
 * that of one chunk and one line: of a line longer than a chunk only the beginning is given.
 */
export async function* linesBackwards(handle: FileHandle, size: number): AsyncGenerator<string[], void> {
  const chunk = Buffer.alloc(chunkBytes);
  let end = size;
  let tail: Buffer = Buffer.alloc(0);
  while (end > 0) {
    const start = Math.max(0, end - chunkBytes);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    // Cut while it was read: what is left is not known to belong together.
    if (bytesRead < end - start) return;
    end = start;
    const read = chunk.subarray(0, bytesRead);
    const first = start === 0 ? -1 : read.indexOf(lineBreak);
    if (start > 0 && first === -1) {
      tail = Buffer.from(read);
      yield [];
      continue;
    }
    const text = Buffer.concat([read.subarray(first + 1), tail]).toString();
    tail = Buffer.from(read.subarray(0, Math.max(0, first)));
    yield text
      .split("\n")
      .filter((line) => line !== "")
      .reverse();
  }
}
