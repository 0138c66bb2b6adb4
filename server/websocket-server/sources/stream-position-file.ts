import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { makeFolder } from "../../process/make-folder.mjs";
import type { StreamPositions } from "./redis-streams";

const fileSchema = z.object({
  server: z.string(),
  streams: z.record(z.string(), z.string().regex(/^\d+-\d+$/)),
});
const everyMs = 1_000;

/**
 * Keeps positions in a file, so that a restart of the service goes on where it was. Written at most once a second: a
 * crash may hand on again what came in the last one, never less.
 */
export class StreamPositionFile implements StreamPositions {
  readonly #file: string;
  /** Positions mean nothing on another server. */
  readonly #server: string;
  #written = "";
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(folder: string, server: string) {
    this.#file = join(folder, "redis-stream-positions.json");
    this.#server = server;
  }

  async read(): Promise<Map<string, string>> {
    try {
      const kept = fileSchema.parse(JSON.parse(await readFile(this.#file, "utf8")));
      return new Map(kept.server === this.#server ? Object.entries(kept.streams) : []);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) return new Map();
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
      throw error;
    }
  }

  async save(positions: ReadonlyMap<string, string>, _connection: unknown, now = false): Promise<void> {
    const text = JSON.stringify({ server: this.#server, streams: Object.fromEntries(positions) });
    if (text === this.#written || (!now && performance.now() - this.#writtenAt < everyMs)) return;
    this.#writtenAt = performance.now();
    makeFolder(join(this.#file, ".."));
    await writeFile(`${this.#file}.new`, text);
    await rename(`${this.#file}.new`, this.#file);
    this.#written = text;
  }
}
