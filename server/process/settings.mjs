import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFolder } from "./make-folder.mjs";
import { exitCodeOfBadConfig, PlainError, projectRoot } from "./project.mjs";

/** A port setting as a number, or the default; a wrong value ends the start with one line. */
export function portSetting(env, variable, fallback) {
  const text = env[variable];
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new PlainError(
      `${variable} has to be a port number from 0 to 65535, not "${text}"`,
      exitCodeOfBadConfig,
    );
  }
  return port;
}

/** The data folder as an absolute path, made if missing and proven to be writable. */
export function dataDirSetting(env) {
  const dir = env.WIREWATCH_DATA_DIR ? resolve(env.WIREWATCH_DATA_DIR) : join(projectRoot, "data");
  const probe = join(dir, `.writable-${process.pid}`);
  try {
    makeFolder(dir);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new PlainError(
      `Cannot write to the data folder ${dir} (${error.code}): set WIREWATCH_DATA_DIR to another one`,
    );
  }
  return dir;
}

/** A path setting made absolute from where the command was typed, since programs run in the project's root. */
export function pathSetting(env, variable) {
  return env[variable] ? { [variable]: resolve(env[variable]) } : {};
}
