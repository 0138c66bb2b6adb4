import { existsSync } from "node:fs";
import { PlainError, packageFile, projectRoot } from "../process/project.mjs";
import { runStep } from "../process/run-step.mjs";
import { installByApt } from "./apt-install.mjs";

/** Flags that a Chromium needs as root, without a GPU and without the network. */
export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The Chromium to drive: `CHROMIUM_PATH`, else Debian's, else (undefined) the one Playwright installs. */
export function chromiumPath(env = process.env) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  return existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined;
}

/** Makes sure that there is a Chromium and installs one where there is none. Throws a PlainError else. */
export async function ensureChromium({ say, signal, env = process.env }) {
  if (env.CHROMIUM_PATH) {
    if (existsSync(env.CHROMIUM_PATH)) return;
    throw new PlainError(`CHROMIUM_PATH names ${env.CHROMIUM_PATH}, which does not exist`);
  }
  if (chromiumPath(env) !== undefined || (await playwrightHasOne())) return;
  const tried = [];
  for (const [what, attempt] of [
    // the fonts are for screenshots of Chinese, which show boxes without them
    ["apt-get", (stop) => installByApt(["chromium", "fonts-noto-cjk"], stop)],
    ["playwright install", installByPlaywright],
  ]) {
    say(`chromium: missing, trying ${what}`);
    const output = await attempt(signal);
    if (chromiumPath(env) !== undefined || (await playwrightHasOne())) return;
    tried.push(`${what}: ${output.trim().split("\n").slice(-5).join("\n")}`);
  }
  throw new PlainError(`No Chromium: install one and name it in CHROMIUM_PATH\n${tried.join("\n")}`);
}

async function playwrightHasOne() {
  const { chromium } = await import("@playwright/test");
  return existsSync(chromium.executablePath());
}

async function installByPlaywright(signal) {
  const cli = packageFile("@playwright/test", "cli.js");
  const options = { cwd: projectRoot, env: process.env, signal, timeoutMs: 900_000 };
  return (await runStep(process.execPath, [cli, "install", "chromium"], options)).output;
}
