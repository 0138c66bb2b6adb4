import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs a command in a process group of its own and collects what it prints (stdout and stderr, as one text).
 * The group makes it possible to end the command with everything it started: at `signal`, after `timeoutMs`
 * and when it leaves processes behind (`leftover` is then true).
 */
export async function runStep(command, args, { cwd, env, signal, timeoutMs, onOutput, leftoverMs = 5000 }) {
  if (signal?.aborted) return { code: null, output: "", leftover: false, timedOut: false };
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let timedOut = false;
  const collect = (chunk) => {
    output += chunk;
    onOutput?.(String(chunk));
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);

  const stop = () => void endGroup(child.pid, 5000);
  signal?.addEventListener("abort", stop, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, timeoutMs);

  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      collect(`${command}: ${error.message}\n`);
      resolve(127);
    });
    // "exit", not "close": a process left behind would keep the pipes open for ever
    child.once("exit", (exitCode) => resolve(exitCode));
  });
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  const leftover = child.pid !== undefined && !(await groupEnded(child.pid, leftoverMs));
  if (leftover) await endGroup(child.pid, 1000);
  await drained(child);
  return { code, output, leftover, timedOut };
}

async function drained(child) {
  const ends = [child.stdout, child.stderr].map((stream) =>
    stream.readableEnded ? undefined : new Promise((resolve) => stream.once("end", resolve)),
  );
  await Promise.race([Promise.all(ends), delay(1000)]);
}

function signalGroup(pid, name) {
  try {
    process.kill(-pid, name);
    return true;
  } catch {
    return false;
  }
}

async function groupEnded(pid, withinMs) {
  const deadline = Date.now() + withinMs;
  while (signalGroup(pid, 0)) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

async function endGroup(pid, graceMs) {
  if (pid === undefined || !signalGroup(pid, "SIGTERM")) return;
  if (!(await groupEnded(pid, graceMs))) signalGroup(pid, "SIGKILL");
}
