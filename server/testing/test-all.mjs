import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../process/build.mjs";
import { PlainError, packageFile, projectRoot } from "../process/project.mjs";
import { runStep } from "../process/run-step.mjs";
import { stopSignal } from "../process/stop-signal.mjs";
import { ensureChromium } from "./chromium.mjs";
import { ensureServers } from "./servers.mjs";
import { countPlaywright, countVitest } from "./test-counts.mjs";
import { verify } from "./verify.mjs";

const minute = 60_000;
const say = (line) => process.stdout.write(`${line}\n`);
const { signal } = stopSignal();
// whatever a test leaves in its temporary folder goes with this one
const scratch = mkdtempSync(join(tmpdir(), "wirewatch-test-"));
// PostgreSQL runs as a user of its own and must get to its folder inside
chmodSync(scratch, 0o711);

let built = false;

/** Each stage answers `{passed, failed, skipped}`; one that throws counts as one failure. */
const stages = {
  verify: () => verify({ say, signal }),
  build: async () => {
    await ensureBuilt({ say, signal });
    built = true;
    return { passed: 1, failed: 0, skipped: 0 };
  },
  "unit tests": async () => {
    await ensureServers({ say, signal });
    const report = join(scratch, "vitest.json");
    const args = ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
    return runTests([packageFile("vitest", "vitest.mjs"), ...args], report, countVitest, {
      timeoutMs: 12 * minute,
      // the runner's own CI=true says nothing about the caller's machine
      env: process.env.CI === "true" ? {} : { WIREWATCH_SKIP_MISSING_SERVERS: "true" },
    });
  },
  "end-to-end tests": async () => {
    if (!built) throw new PlainError("not run, since the build failed");
    await ensureChromium({ say, signal });
    const report = join(scratch, "playwright.json");
    return runTests(
      [packageFile("@playwright/test", "cli.js"), "test", "--reporter=list,json"],
      report,
      countPlaywright,
      {
        timeoutMs: 15 * minute,
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
        onOutput: (text) => process.stdout.write(text),
      },
    );
  },
};

/** Runs a test runner; what it printed is shown as it comes (`onOutput`) or else when something failed. */
async function runTests(args, report, count, { timeoutMs, env = {}, onOutput }) {
  const { code, output, leftover, timedOut } = await runStep(process.execPath, args, {
    cwd: projectRoot,
    env: { ...ownEnvironment(), CI: "true", TMPDIR: scratch, NEXT_TELEMETRY_DISABLED: "1", ...env },
    signal,
    timeoutMs,
    onOutput,
  });
  signal.throwIfAborted();
  if (code !== 0 && !onOutput) say(output.trimEnd());
  if (timedOut) throw new PlainError(`not done within ${timeoutMs / minute} minutes`);
  const counts = readCounts(report, count);
  if (counts === null) throw new PlainError(`the runner left no report (code ${code})`);
  if (counts.passed + counts.failed === 0) throw new PlainError("no tests were found");
  if (leftover) {
    say("processes were left behind, and have been ended");
    counts.failed += 1;
  }
  // a runner that fails outside of any test
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Without the settings of a console or a service that whoever tests may run beside it. */
function ownEnvironment() {
  const settings =
    /^(WIREWATCH_|WEBSOCKET_|NEXTAUTH_|(PORT|HOST|NODE_ENV|MAX_CONNECTIONS|HEARTBEAT_INTERVAL|PING_TIMEOUT|LOG_LEVEL|LOG_FILE)$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([variable]) => !settings.test(variable)));
}

function readCounts(report, count) {
  try {
    return count(JSON.parse(readFileSync(report, "utf8")));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function runStage(name, stage) {
  const startedAtMs = Date.now();
  const counts = await stage().catch((error) => {
    if (!signal.aborted) say(error instanceof PlainError ? error.message.trimEnd() : error.stack);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  say(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
  return counts;
}

async function runAll() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, stage] of Object.entries(stages)) {
    if (signal.aborted) break;
    const counts = await runStage(name, stage);
    for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
  }
  return total;
}

runAll()
  .finally(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }))
  .then(({ passed, failed, skipped }) => {
    if (signal.aborted) say("stopped before the end");
    say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    process.exitCode = failed > 0 || passed === 0 || signal.aborted ? 1 : 0;
  })
  // a handle that stays open must not keep the command from ending
  .then(() => setTimeout(() => process.exit(), 1000).unref());
