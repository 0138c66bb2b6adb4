import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the package's root. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Absolute path of a file inside an installed package; throws a `PlainError` when the package is missing. */
export function packageFile(packageName, file) {
  const path = join(projectRoot, "node_modules", packageName, file);
  if (!existsSync(path)) {
    const omitted = process.env.NODE_ENV === "production" ? " --include=dev" : "";
    throw new PlainError(`${packageName} is not installed: run npm ci${omitted} first`);
  }
  return path;
}

/** Absolute path of a bundle that the build writes. */
export function bundlePath(name) {
  return join(projectRoot, "dist", `${name}.mjs`);
}

/** What a program ends with when its configuration is wrong (sysexits.h, EX_CONFIG): no restart helps. */
export const exitCodeOfBadConfig = 78;

/** A failure whose message is all that the person at the terminal needs: it is shown without a stack. */
export class PlainError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "PlainError";
    this.exitCode = exitCode;
  }
}

/** Ends the process with one clear line for a PlainError, with the whole stack for anything else. */
export function failWith(error) {
  if (error instanceof PlainError) {
    if (error.message) process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
