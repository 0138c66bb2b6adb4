import { open } from "node:fs/promises";
import { searchCompressed } from "./compressed-lines";
import type { LineFilter } from "./line-filter";
import { type FoundLines, LineSearch } from "./line-search";
import { chunkBytes, linesBackwards } from "./lines-backwards";
import type { RotatedFile, RotatedFiles } from "./rotated-files";

/** Bytes of log that one question may cost, decompressed ones included. */
export const maxScannedBytes = 67_108_864;

/**
 * The newest lines that fit, from the log's end backwards and on into what was rotated away, as far as `limit` and a
 * bounded amount of reading go. Throws the system's error when the log itself can't be read.
 */
export async function newestLines(
  file: string,
  rotated: RotatedFiles,
  filter: LineFilter,
  limit: number,
): Promise<FoundLines> {
  const search = new LineSearch(filter, limit, maxScannedBytes);
  const { handle, older } = await openWithOlder(file, rotated);
  try {
    const { size } = await handle.stat();
    for await (const lines of linesBackwards(handle, size)) {
      search.look(lines, chunkBytes);
      if (search.ended !== null) return search.answer();
    }
    for (const each of older) {
      if (each.rotatedAtMs < (filter.since_ms ?? 0)) break;
      await searchRotated(each, search);
      if (search.ended !== null) break;
    }
    return search.answer();
  } finally {
    await handle.close();
  }
}

/** The log and what was rotated before it: a rotation in between would show lines twice or not at all. */
async function openWithOlder(file: string, rotated: RotatedFiles) {
  let older = await rotated.list();
  for (let attempt = 1; ; attempt++) {
    const handle = await open(file, "r");
    const again = await rotated.list();
    if (again[0]?.rotatedAtMs === older[0]?.rotatedAtMs || attempt === 5) return { handle, older: again };
    await handle.close();
    older = again;
  }
}

async function searchRotated(file: RotatedFile, search: LineSearch): Promise<void> {
  if (file.compressed) return searchCompressed(file.path, search);
  const handle = await open(file.path, "r").catch(() => null);
  // Compressed since it was listed.
  if (handle === null) return searchCompressed(`${file.path}.gz`, search);
  try {
    for await (const lines of linesBackwards(handle, file.bytes)) {
      search.look(lines, chunkBytes);
      if (search.ended !== null) return;
    }
  } finally {
    await handle.close();
  }
}
