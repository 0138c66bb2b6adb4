import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StartupError } from "../startup-error";

/**
 * The secret that signs sessions, made at the first start and kept in the data folder for its owner alone, so
 * that people stay signed in across restarts.
 */
export function keptSecret(dataDir: string): string {
  const path = join(dataDir, "nextauth-secret");
  const kept = readSecret(path) ?? makeSecret(path);
  if (kept.length < 32)
    throw new StartupError(`${path} holds no whole secret: delete it to have a new one made`);
  return kept;
}

function readSecret(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new StartupError(
      `can't read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      1,
      error,
    );
  }
}

/** Written whole beside it and moved into place: a kill leaves all of it or nothing. */
function makeSecret(path: string): string {
  const draft = `${path}.${process.pid}`;
  const secret = randomBytes(48).toString("base64url");
  const file = openSync(draft, "w", 0o600);
  writeSync(file, secret);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  return secret;
}
