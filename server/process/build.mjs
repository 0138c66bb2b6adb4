import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withBuildLock } from "./build-lock.mjs";
import { readStamp, sourceHash, writeStamp } from "./build-stamp.mjs";
import { bundlePath, failWith, PlainError, packageFile, projectRoot } from "./project.mjs";
import { runStep } from "./run-step.mjs";
import { stopSignal } from "./stop-signal.mjs";

const programs = {
  console: "server/console/main.ts",
  "websocket-server": "server/websocket-server/main.ts",
  cli: "server/cli/main.ts",
  demo: "server/demo/main.ts",
};

const always = ["package.json", "package-lock.json", "server/process"];

const targets = {
  server: {
    label: "server bundle",
    sources: [...always, "lib", "server"],
    stamp: "dist/.stamp",
    outputs: () => Object.keys(serverEntries()).map(bundlePath),
    build: bundleServer,
  },
  pages: {
    label: "pages",
    // route handlers reach into server/console, so its sources count as theirs
    sources: [
      ...always,
      ...["app", "components", "lib", "public", "server/console"],
      ...["next.config.mjs", "postcss.config.mjs", "tsconfig.json"],
    ],
    stamp: ".next/.stamp",
    outputs: () => [join(projectRoot, ".next/BUILD_ID")],
    build: buildPages,
  },
};

/**
 * Builds what is stale: the server bundle (dist/) and the pages (.next/), or one of them (`only`). Stale is
 * told by a hash over the sources, the lock file and the Node version. Says one line a step through `say`.
 */
export async function ensureBuilt({ only, say = sayOnStdout, signal } = {}) {
  for (const [name, target] of Object.entries(targets)) {
    if (only !== undefined && only !== name) continue;
    if (isFresh(target)) continue;
    const lock = join(projectRoot, `dist/.${name}.lock`);
    const onWait = () => say(`build: waiting for another build of the ${target.label}`);
    await withBuildLock(lock, () => buildTarget(target, say, signal), { signal, onWait });
  }
}

function isFresh(target) {
  const stamp = readStamp(join(projectRoot, target.stamp));
  return (
    stamp === sourceHash(projectRoot, target.sources) && target.outputs().every((file) => existsSync(file))
  );
}

async function buildTarget(target, say, signal) {
  // whoever held the lock before may have done the work
  if (isFresh(target)) return;
  const startedAtMs = Date.now();
  // taken before: a source that changes during the build must make it stale again
  const hash = sourceHash(projectRoot, target.sources);
  const stamp = join(projectRoot, target.stamp);
  rmSync(stamp, { force: true });
  await target.build(signal);
  writeStamp(stamp, hash);
  say(`build: ${target.label}, ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
}

function sayOnStdout(line) {
  process.stdout.write(`${line}\n`);
}

/** Bundle name to source: the programs, and each bench as `bench-<name>`. */
function serverEntries() {
  const benches = existsSync(join(projectRoot, "server/bench"))
    ? readdirSync(join(projectRoot, "server/bench")).filter(
        (f) => f.endsWith(".ts") && !f.endsWith(".test.ts"),
      )
    : [];
  return {
    ...programs,
    ...Object.fromEntries(benches.map((f) => [`bench-${f.slice(0, -3)}`, `server/bench/${f}`])),
  };
}

async function bundleServer() {
  const { build, stop } = await import(pathToFileURL(packageFile("esbuild", "lib/main.js")).href);
  try {
    await build({
      absWorkingDir: projectRoot,
      entryPoints: serverEntries(),
      outdir: "dist",
      outExtension: { ".js": ".mjs" },
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: true,
      logLevel: "silent",
    });
  } catch (error) {
    throw new PlainError(`build: the server bundle failed\n${error.message}`);
  } finally {
    // otherwise its own process stays for as long as this one
    await stop();
  }
}

async function buildPages(signal) {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  const next = packageFile("next", "dist/bin/next");
  const { code, output } = await runStep(process.execPath, [next, "build"], {
    cwd: projectRoot,
    env,
    signal,
  });
  signal?.throwIfAborted();
  if (code !== 0) throw new PlainError(`build: the pages failed\n${output}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { signal } = stopSignal();
  ensureBuilt({ signal }).catch((error) => (signal.aborted ? process.exit(130) : failWith(error)));
}
