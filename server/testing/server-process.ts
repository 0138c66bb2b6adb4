import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { until } from "./until";

export interface ServerProcessOptions {
  command: string;
  args: string[];
  options?: SpawnOptions;
  /** Resolves with true once it answers as it should. */
  isUp(): Promise<boolean>;
}

/** A server that a test runs as a process of its own and may hurt. */
export class ServerProcess {
  readonly #start: ServerProcessOptions;
  #child: ChildProcess | null = null;
  #output = "";

  constructor(start: ServerProcessOptions) {
    this.#start = start;
  }

  get pid(): number {
    const { pid } = this.#child ?? {};
    if (pid === undefined) throw new Error(`${this.#start.command} does not run`);
    return pid;
  }

  /** Resolves once it answers; rejects with what it printed when it ends before. */
  async start(): Promise<void> {
    const { command, args, options, isUp } = this.#start;
    this.#output = "";
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const collect = (chunk: Buffer) => {
      this.#output = (this.#output + chunk).slice(-4_096);
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.on("error", (error) => collect(Buffer.from(error.message)));
    await until(
      `${command} answers`,
      async () => {
        if (child.exitCode !== null || child.pid === undefined) {
          throw new Error(`${command} ended: ${this.#output.trim()}`);
        }
        return isUp();
      },
      30_000,
    );
  }

  /** Keeps it from running while its sockets stay open: the kernel still accepts, nobody answers. */
  pause(): void {
    for (const pid of this.#all()) signalIfThere(pid, "SIGSTOP");
  }

  resume(): void {
    for (const pid of this.#all()) signalIfThere(pid, "SIGCONT");
  }

  /** Ends it with everything it started at once, without a word to anyone. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    this.resume();
    // SIGINT is a fast shutdown for PostgreSQL and a shutdown for Redis
    const ended = this.#end("SIGINT");
    const timer = setTimeout(() => void this.kill(), 5_000);
    await ended;
    clearTimeout(timer);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    const others = this.#all().filter((pid) => pid !== child.pid);
    child.kill(signal);
    if (signal === "SIGKILL") for (const pid of others) signalIfThere(pid, "SIGKILL");
    await ended;
    await until("its processes are gone", () => others.every((pid) => !isAlive(pid)));
  }

  /** The process and its children: PostgreSQL has one a connection. */
  #all(): number[] {
    const { pid } = this;
    const file = `/proc/${pid}/task/${pid}/children`;
    const children = existsSync(file) ? readFileSync(file, "utf8").split(" ").map(Number) : [];
    return [pid, ...children.filter((child) => child > 0)];
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // a child of PostgreSQL that ended since the list was read
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
