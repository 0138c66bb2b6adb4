import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it; one that is there stays as it is. Throws the system's error, as where a file
 * stands in the way. Not `recursive` of mkdir: Node 20 never returns from it below /proc and the like.
 */
export function makeFolder(path, mode = 0o777) {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // another process may have made it in between
    if (error.code !== "EEXIST" || !isFolder(path)) throw error;
  }
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
