import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const tested = /\.test\.(ts|tsx|mjs)$/;

/** Every file below `path` (or `path` itself), sorted, without tests: they never reach a build. */
function sourceFiles(path) {
  if (!existsSync(path)) return [];
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") return [path];
    throw error;
  }
  return entries
    .flatMap((entry) => {
      const child = join(path, entry.name);
      if (entry.isDirectory()) return sourceFiles(child);
      return tested.test(entry.name) ? [] : [child];
    })
    .sort();
}

/** Hash over names and contents of everything below `paths` and over the Node version. */
export function sourceHash(root, paths) {
  const hash = createHash("sha256").update(process.versions.node);
  for (const file of paths.flatMap((path) => sourceFiles(join(root, path)))) {
    const content = readFileSync(file);
    hash.update(`\0${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

export function readStamp(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

export function writeStamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}
