import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createStream } from "rotating-file-stream";
import { bundlePath, projectRoot } from "./project.mjs";
import { supervise } from "./supervise.mjs";

const logLine = /^\d{4}-\d\d-\d\dT\S+Z (DEBUG|INFO|WARN|ERROR|CRITICAL) /;
// each lost connection is a warning in the service's log, and there may be thousands at once
const worthShowing = {
  service: ["ERROR", "CRITICAL"],
  console: ["WARN", "ERROR", "CRITICAL"],
};

/** Hands on to the terminal the log lines of these levels, and what a program says besides its log. */
function showLevels(name, levels, say) {
  return (line, stream) => {
    const level = logLine.exec(line)?.[1];
    if (level !== undefined && levels.includes(level)) say(`${name}: ${line}`);
    if (level === undefined && stream === "stderr") say(line);
  };
}

/** One data service. Its log goes to the file that its own configuration names. */
export function superviseService({ name = "websocket-server", env, say }) {
  const shutdownSeconds = Number(env.WEBSOCKET_SHUTDOWN_TIMEOUT) || 30;
  return supervise({
    name,
    script: bundlePath("websocket-server"),
    env,
    cwd: projectRoot,
    say,
    onLine: showLevels(name, worthShowing.service, say),
    stopTimeoutMs: shutdownSeconds * 1000 + 5000,
  });
}

/** The console; what it logs goes to `logs/console.log`, and warnings and worse to the terminal as well. */
export function superviseConsole({ env, say }) {
  const log = consoleLog(say);
  const show = showLevels("console", worthShowing.console, say);
  const program = superviseOnlyConsole({
    env,
    say,
    onLine: (line, stream) => {
      log.write(line);
      show(line, stream);
    },
  });
  return {
    ...program,
    async stop() {
      await program.stop();
      await log.end();
    },
  };
}

/** The console with each line it prints handed to `onLine`. */
export function superviseOnlyConsole({ env, say, onLine }) {
  return supervise({
    name: "console",
    script: bundlePath("console"),
    env,
    cwd: projectRoot,
    say,
    onLine,
    stopTimeoutMs: 15_000,
  });
}

/** Logging must never take the console down: a file that can't be written is told once and then left. */
function consoleLog(say) {
  const file = join(projectRoot, "logs/console.log");
  let stream;
  const giveUp = (error) => {
    if (stream !== undefined) say(`logs/console.log cannot be written (${error.code ?? error.message})`);
    stream = undefined;
  };
  try {
    mkdirSync(dirname(file), { recursive: true });
    stream = createStream("console.log", { path: dirname(file), size: "10M", maxFiles: 5 });
    stream.on("error", giveUp);
  } catch (error) {
    say(`logs/console.log cannot be written (${error.code ?? error.message})`);
  }
  return {
    write: (line) => stream?.write(`${line}\n`),
    end: () =>
      new Promise((resolve) => {
        if (stream === undefined) resolve();
        else stream.end(() => resolve());
      }),
  };
}
