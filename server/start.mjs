import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt } from "./process/build.mjs";
import { bundlePath, failWith, PlainError, projectRoot } from "./process/project.mjs";
import { stopSignal } from "./process/stop-signal.mjs";

const modes = {
  start: async ({ signal }) => {
    await ensureBuilt({ signal });
    const { launchAll } = await import("./process/launch.mjs");
    await launchAll(signal);
  },
  console: async ({ signal }) => {
    await ensureBuilt({ signal });
    const { launchConsole } = await import("./process/launch.mjs");
    await launchConsole(signal);
  },
  "websocket-server": async (stop) => {
    await ensureBuilt({ only: "server", signal: stop.signal });
    // in this very process: its signals (SIGHUP reloads, SIGUSR1 writes a heap snapshot) are the service's own
    return becomeBundle("websocket-server", stop);
  },
  demo: async ({ signal }) => {
    await ensureBuilt({ signal });
    const { launchDemo } = await import("./demo/launch.mjs");
    await launchDemo(signal);
  },
  // pages are compiled as they are asked for and follow their sources; server/ needs another start
  dev: async ({ signal }) => {
    await ensureBuilt({ only: "server", signal });
    process.env.NODE_ENV = "development";
    const { launchAll } = await import("./process/launch.mjs");
    await launchAll(signal);
  },
  "bench-console": async (stop) => {
    const { signal } = stop;
    await ensureBuilt({ signal });
    const { ensureChromium } = await import("./testing/chromium.mjs");
    await ensureChromium({ say: (line) => process.stdout.write(`${line}\n`), signal });
    return becomeBundle("bench-console", stop);
  },
  "bench-service": async (stop) => {
    await ensureBuilt({ only: "server", signal: stop.signal });
    return becomeBundle("bench-service", stop);
  },
};

/** Goes on as the bundled program, which then owns the signals and ends by itself. */
async function becomeBundle(name, stop) {
  stop.release();
  await import(pathToFileURL(bundlePath(name)).href);
  return "running";
}

const mode = modes[process.argv[2] ?? "start"];
const stop = stopSignal();
process.env.NODE_ENV = "production";

async function run() {
  if (!mode)
    throw new PlainError(`Unknown part "${process.argv[2]}": one of ${Object.keys(modes).join(", ")}`);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new PlainError(`Node ${process.versions.node} is too old: 20.19 or newer is needed`);
  }
  if (!existsSync(join(projectRoot, "node_modules/next"))) {
    throw new PlainError("The packages are not installed: run npm ci first");
  }
  return mode(stop);
}

run().then(
  (state) => state !== "running" && process.exit(0),
  // Ctrl-C during the build or the start is an end as good as any
  (error) => (stop.signal.aborted ? process.exit(0) : failWith(error)),
);
