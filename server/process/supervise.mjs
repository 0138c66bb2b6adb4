import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { createBackOff } from "./back-off.mjs";
import { exitCodeOfBadConfig } from "./project.mjs";

/**
 * Keeps one Node program running. `ready` resolves with the `{type:"ready"}` message of its first start; it
 * rejects with an `EarlyExit` when it ends before that, and then nothing is restarted. Afterwards each death
 * is told through `say` and followed by a restart, with back-off. `stop` sends SIGTERM, and SIGKILL after
 * `stopTimeoutMs`; it resolves when the process is gone. Lines the program prints go to `onLine(line, stream)`.
 *
 * The IPC channel is also the child's way to notice that this process died.
 */
export function supervise({ name, script, args = [], env, cwd, onLine, say, stopTimeoutMs, backOff }) {
  const nextDelay = createBackOff(backOff);
  let child = null;
  let timer = null;
  let stopping = false;
  let wasReady = false;
  let saidWhy = false;
  let announce;
  const ready = new Promise((resolve, reject) => {
    announce = { resolve, reject };
  });
  // a caller that only stops must not be ended by a rejection it never asked about
  ready.catch(() => {});

  function start() {
    const startedAt = performance.now();
    timer = null;
    child = spawn(process.execPath, ["--enable-source-maps", script, ...args], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const printed = Promise.all([lines(child.stdout, "stdout"), lines(child.stderr, "stderr")]);
    child.on("message", (message) => {
      if (message?.type !== "ready") return;
      if (wasReady) say(`${name} is back (pid ${child.pid})`);
      wasReady = true;
      announce.resolve(message);
    });
    child.once("error", (error) => {
      if (pid !== undefined) return;
      // nothing ran, so no exit follows
      say(`${name} could not be started: ${error.message}`);
      saidWhy = true;
      gone(1, null);
    });
    const { pid } = child;
    const gone = (code, signal) => {
      child = null;
      if (stopping) return;
      if (!wasReady) {
        stopping = true;
        void printed.then(() => announce.reject(new EarlyExit(name, code, signal, saidWhy)));
        return;
      }
      const end = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      if (code === exitCodeOfBadConfig) {
        say(`${name} ${end}: its configuration is wrong, so it is not started again`);
        return;
      }
      const delayMs = nextDelay(performance.now() - startedAt);
      say(`${name} ${end}; starting it again in ${delayMs / 1000} s`);
      timer = setTimeout(start, delayMs);
    };
    child.once("exit", gone);
  }

  function lines(stream, streamName) {
    const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    reader.on("line", (line) => {
      saidWhy ||= streamName === "stderr";
      onLine(line, streamName);
    });
    return new Promise((resolve) => reader.once("close", resolve));
  }

  async function stop() {
    stopping = true;
    if (timer !== null) clearTimeout(timer);
    announce.reject(new EarlyExit(name, null, "SIGTERM", true));
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exited = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    const killer = setTimeout(() => {
      say(`${name} did not end within ${stopTimeoutMs / 1000} s and is killed`);
      running.kill("SIGKILL");
    }, stopTimeoutMs);
    await exited;
    clearTimeout(killer);
  }

  start();
  return { name, ready, stop, pid: () => child?.pid ?? null };
}

/** A program that ended before it was ready; `saidWhy` when it printed something about it on stderr. */
export class EarlyExit extends Error {
  constructor(name, code, signal, saidWhy) {
    super(`${name} ended before it was ready (${signal ?? `code ${code}`})`);
    this.name = "EarlyExit";
    this.exitCode = code || 1;
    this.saidWhy = saidWhy;
  }
}
