import type { LogLine } from "../../../lib/contract/service-api";
import { createLineFilter, type LineFilter } from "./line-filter";
import { parseHead } from "./parse-head";

/** Characters of one answer. */
const maxAnswerCharacters = 4_194_304;
/** What may be read only to tell whether there is one more line that fits. */
const maxBytesForMore = 262_144;

export interface FoundLines {
  /** Oldest first. */
  lines: LogLine[];
  /** Older lines were not looked at, or more fit than were asked for. */
  more: boolean;
  scannedBytes: number;
}

/** Collects the newest lines that fit out of texts that are given from the newest to the oldest. */
export class LineSearch {
  /** Null while it goes on. */
  ended: "enough" | "too old" | null = null;
  scannedBytes = 0;
  readonly fits: (line: LogLine) => boolean;
  readonly #limit: number;
  readonly #maxScannedBytes: number;
  readonly #sinceMs: number;
  /** Newest first. */
  readonly #found: LogLine[] = [];
  #characters = 0;
  #bytesSinceFull = 0;

  constructor(filter: LineFilter, limit: number, maxScannedBytes: number) {
    this.fits = createLineFilter(filter);
    this.#limit = limit;
    this.#maxScannedBytes = maxScannedBytes;
    this.#sinceMs = filter.since_ms ?? 0;
  }

  get bytesLeft(): number {
    return Math.max(0, this.#maxScannedBytes - this.scannedBytes);
  }

  get room(): number {
    return this.#limit - this.#found.length;
  }

  /** Looks at a run of lines, newest first, that cost so many bytes of reading. */
  look(newestFirst: string[], bytes: number): void {
    this.scannedBytes += bytes;
    let tooOld = newestFirst.length > 0;
    for (const text of newestFirst) {
      const line = parseHead(text);
      if (line.at_ms === null || line.at_ms >= this.#sinceMs) tooOld = false;
      if (this.fits(line)) this.add(line);
      if (this.ended !== null) return;
    }
    // All of the run, and not only a line from before the clock was set.
    if (tooOld) this.ended = "too old";
    else if (this.bytesLeft === 0) this.ended = "enough";
    else if (this.room === 0) {
      this.#bytesSinceFull += bytes;
      if (this.#bytesSinceFull > maxBytesForMore) this.ended = "enough";
    }
  }

  add(line: LogLine): void {
    if (this.room <= 0 || this.#characters > maxAnswerCharacters) {
      this.ended = "enough";
      return;
    }
    this.#found.push(line);
    this.#characters += line.text.length;
  }

  answer(): FoundLines {
    const lines = this.#found.toReversed();
    return { lines, more: this.ended === "enough", scannedBytes: this.scannedBytes };
  }
}
