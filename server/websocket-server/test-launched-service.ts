import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

export interface Launched {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface LaunchedReady extends Launched {
  readonly ready: { type: string; websocketPort: number; adminPort: number };
}

export interface LaunchOptions {
  /** Where it runs; the launcher's folder when left out. */
  folder?: string;
  /** Lines of sh in front of the start, as `ulimit -n 256`. */
  before?: string;
}

export interface Launcher {
  /** New for each test (or file), and where the services run. */
  readonly folder: string;
  launch(env?: Record<string, string>, options?: LaunchOptions): Launched;
  /** A worker without a main process that speaks to it. */
  forkWorker(name: string): ChildProcess;
  launchReady(env?: Record<string, string>, options?: LaunchOptions): Promise<LaunchedReady>;
}

/**
 * For a test file that runs the service as its users do: bundled, as a process, on free ports. What it launched
 * ends with the test, or with the file where several tests look at one service.
 */
export function serviceLauncher(lifetime: "test" | "file" = "test"): Launcher {
  // Beside the real bundle, where its packages are found.
  const bundle = join(projectRoot, `dist/test-websocket-server-${process.pid}-${performance.now()}.mjs`);
  let children: ChildProcess[] = [];
  let folder = "";
  beforeAll(async () => {
    await build({
      entryPoints: [join(projectRoot, "server/websocket-server/main.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
    });
  });
  afterAll(() => rmSync(bundle, { force: true }));
  const before = lifetime === "test" ? beforeEach : beforeAll;
  const after = lifetime === "test" ? afterEach : afterAll;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "websocket-server-"));
  });
  after(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    children = [];
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(env: Record<string, string> = {}, options: LaunchOptions = {}): Launched {
    const child = fork(bundle, {
      cwd: options.folder ?? folder,
      execPath: options.before === undefined ? process.execPath : shellBefore(folder, options.before),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { NODE_ENV: "test", WEBSOCKET_PORT: "0", WEBSOCKET_ADMIN_PORT: "0", ...env },
    });
    children.push(child);
    const output = { out: "", err: "" };
    child.stdout?.on("data", (chunk) => {
      output.out += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output.err += chunk;
    });
    const read = child.stderr ? once(child.stderr, "end") : null;
    const ended = Promise.all([once(child, "exit"), read]).then(([[code]]) => code as number | null);
    return { child, output, ended };
  }

  return {
    get folder() {
      return folder;
    },
    launch,
    forkWorker(name) {
      const child = fork(bundle, [name], { cwd: folder, stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"] });
      children.push(child);
      return child;
    },
    async launchReady(env, options) {
      const launched = launch(env, options);
      const ready = await Promise.race([once(launched.child, "message"), launched.ended]);
      if (!Array.isArray(ready)) throw new Error(`ended before it was ready: ${launched.output.err}`);
      return { ...launched, ready: ready[0] as LaunchedReady["ready"] };
    },
  };
}

/** A program that runs `lines` and then Node in its place. */
function shellBefore(folder: string, lines: string): string {
  const file = join(folder, `node-${performance.now()}`);
  writeFileSync(file, `#!/bin/sh\n${lines}\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
  return file;
}
