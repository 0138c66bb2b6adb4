import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { makeFolder } from "../../process/make-folder.mjs";
import { StartupError } from "../startup-error";

/**
 * The absolute path of the data folder, made when missing and readable by its owner alone. Throws StartupError
 * with one line when it can't be written.
 */
export function prepareDataDir(dataDir: string): string {
  const path = resolve(dataDir);
  try {
    makeFolder(path, 0o700);
    if (!statSync(path).isDirectory()) throw new Error("it is not a folder");
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    throw new StartupError(
      `can't write to the data folder ${path} (${codeOf(error)}): set WIREWATCH_DATA_DIR`,
      1,
      error,
    );
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
