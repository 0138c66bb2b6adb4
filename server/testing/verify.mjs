import { pathToFileURL } from "node:url";
import { failWith, PlainError, packageFile, projectRoot } from "../process/project.mjs";
import { runStep } from "../process/run-step.mjs";
import { stopSignal } from "../process/stop-signal.mjs";
import { checkMessages } from "./message-files.mjs";
import { checkSourceTexts } from "./source-texts.mjs";

/** Each check answers what is wrong, as text; nothing when all is well. */
const checks = {
  "format and lint": (signal) =>
    node([packageFile("@biomejs/biome", "bin/biome"), "check", "--colors=off", "."], signal),
  types: async (signal) => {
    // pages import style sheets and their own route types, which this declares
    const generated = await node([packageFile("next", "dist/bin/next"), "typegen"], signal);
    return generated || node([packageFile("typescript", "bin/tsc"), "--noEmit", "--pretty", "false"], signal);
  },
  "import rules": async () => {
    const { checkImports } = await import("./import-rules.mjs");
    return (await checkImports()).join("\n");
  },
  "message files": () => checkMessages().join("\n"),
  "source texts": () => checkSourceTexts().join("\n"),
};

/** Runs every check and resolves with how many passed and failed. Says one line a check through `say`. */
export async function verify({ say, signal }) {
  let failed = 0;
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const startedAtMs = Date.now();
      const wrong = await Promise.resolve(signal)
        .then(check)
        .catch((error) => error.stack ?? String(error));
      return { name, wrong, seconds: ((Date.now() - startedAtMs) / 1000).toFixed(1) };
    }),
  );
  signal?.throwIfAborted();
  for (const { name, wrong, seconds } of results) {
    if (wrong) failed += 1;
    say(wrong ? `verify: ${name} FAILED\n${wrong.trimEnd()}` : `verify: ${name}, ${seconds} s`);
  }
  return { passed: results.length - failed, failed };
}

async function node(args, signal) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const { code, output } = await runStep(process.execPath, args, { cwd: projectRoot, env, signal });
  return code === 0 ? "" : output || `ended with code ${code}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { signal } = stopSignal();
  verify({ say: (line) => process.stdout.write(`${line}\n`), signal }).then(
    ({ failed }) => process.exit(failed === 0 ? 0 : 1),
    (error) => failWith(signal.aborted ? new PlainError("", 130) : error),
  );
}
