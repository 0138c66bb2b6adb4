import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

const startTimeoutMs = 20_000;
const stopTimeoutMs = 15_000;

/** Why nothing is pinned to a core here, null when it is. */
export const unpinned: string | null =
  process.platform !== "linux" || spawnSync("taskset", ["-V"]).status !== 0
    ? "there is no taskset"
    : availableParallelism() < 2
      ? "there is one core only"
      : null;

export interface PinnedProcess {
  readonly pid: number;
  /** What its `ready` message said. */
  readonly ready: Record<string, unknown>;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a Node program on one core and waits for its `{type:"ready"}`. Throws with what it printed when none comes. */
export async function startPinned(
  core: number,
  args: string[],
  env: Record<string, string | undefined>,
): Promise<PinnedProcess> {
  const pin = unpinned === null ? ["taskset", "-c", String(core)] : [];
  const [command = "", ...rest] = [...pin, process.execPath, ...args];
  const child = spawn(command, rest, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (text) => {
    said = `${said}${text}`.slice(-2_000);
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(killer);
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${args.join(" ")} ${why}: ${said.trim()}`));
      timer = setTimeout(() => fail("was not ready in time"), startTimeoutMs);
      child.once("error", (error) => fail(String(error)));
      child.once("exit", () => fail("ended"));
      child.on("message", (message: Record<string, unknown>) => {
        if (message.type === "ready") resolve(message);
      });
    });
    return { pid: child.pid ?? 0, ready, child, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
