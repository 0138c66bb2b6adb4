import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { LogLine } from "../../../lib/contract/service-api";
import type { LineSearch } from "./line-search";
import { parseHead } from "./parse-head";

const lineBreak = 0x0a;
const longestLine = 65_536;

/**
 * Gives a search the lines of a compressed file. It can only be read from its beginning, and its newest lines are its
 * last: unless all of it is within the search's bounds, nothing of it is taken.
 */
export async function searchCompressed(path: string, search: LineSearch): Promise<void> {
  if (search.room === 0) {
    search.ended = "enough";
    return;
  }
  const room = search.room + 1;
  let fitting: LogLine[] = [];
  let bytes = 0;
  const look = (texts: Buffer) => {
    for (const text of texts.toString().split("\n")) {
      if (text === "") continue;
      const line = parseHead(text);
      if (search.fits(line)) fitting.push(line);
    }
    if (fitting.length > 2 * room) fitting = fitting.slice(-room);
  };
  await pipeline(createReadStream(path), createGunzip({ chunkSize: 65_536 }), async (chunks) => {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > search.bytesLeft) throw new Error("too much to read");
      const end = chunk.lastIndexOf(lineBreak);
      if (end === -1) {
        rest = Buffer.concat([rest, chunk]).subarray(0, longestLine);
        continue;
      }
      look(Buffer.concat([rest, chunk.subarray(0, end)]));
      rest = Buffer.from(chunk.subarray(end + 1));
    }
    look(rest);
  }).catch(() => {
    // Too large, broken or removed meanwhile: what it holds is not known.
    fitting = [];
    search.ended = "enough";
  });
  search.scannedBytes += bytes;
  for (const line of fitting.slice(-room).reverse()) search.add(line);
}
