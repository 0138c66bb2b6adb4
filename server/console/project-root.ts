import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's folder, whether this runs from its sources or from the bundle in `dist`. */
export function findProjectRoot(from = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "next.config.mjs"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package holds ${from}`);
  }
}
