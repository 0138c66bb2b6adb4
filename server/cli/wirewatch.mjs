#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { ensureBuilt } from "../process/build.mjs";
import { bundlePath, failWith } from "../process/project.mjs";

try {
  await ensureBuilt({ only: "server", say: (line) => process.stderr.write(`${line}\n`) });
  await import(pathToFileURL(bundlePath("cli")).href);
} catch (error) {
  failWith(error);
}
