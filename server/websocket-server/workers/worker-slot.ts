import type { Socket } from "node:net";
import { CodedError } from "../../../lib/errors";
import { backoffMs } from "../../process/jittered-back-off";
import type { Logger } from "../../process/logger";
import type { ConnectionLimits } from "../connections/limits";
import type { Written } from "../heap-snapshots/write";
import { readThreads } from "../host/threads";
import type { ServiceProcess } from "../shards/service-process";
import type { Shard } from "../shards/shard";
import type { ProcessFigures } from "../stats/process-figures";
import type { ShardFigures } from "../stats/shard-figures";
import { LastingFigures } from "./lasting-figures";
import { judge } from "./liveness";
import type { SharedTarget, WorkerStart } from "./messages";
import { remote } from "./remote";
import { type WorkerEnd, WorkerProcess } from "./worker-process";

const restart = { firstMs: 500, longestMs: 30_000 };
/** A worker that was up for so long starts the back-off anew. */
const healthyMs = 60_000;
/** How long the figures of a worker are waited for before its last ones stand in for them. */
const figuresPatienceMs = 1_000;
/** Methods that may take longer than others. */
const patienceMs: Record<string, number> = {
  forceGc: 30_000,
  writeHeapSnapshot: 600_000,
  sayGoodbye: 3_605_000,
};

export interface WorkerSlotOptions {
  worker: string;
  script: string;
  logger: Logger;
  main: SharedTarget;
  limits: ConnectionLimits;
  /** What a worker is told as it starts. */
  start(): Omit<WorkerStart, "worker">;
  /** A shard without connections: what a worker that does not run answers. */
  vacant: Shard;
  vacantFigures(): ShardFigures;
  /** Runs before the first socket is handed to a process. */
  onReady(process: WorkerProcess): void;
  onEnd(process: WorkerProcess, untaken: Socket | null): void;
  onTaken(): void;
}

/** One worker through all lives of its process: it is started again when it ends, and its totals go on. */
export class WorkerSlot {
  readonly worker: string;
  readonly shard: Shard;
  readonly process: ServiceProcess;
  restarts = 0;
  hanging = false;
  readonly #options: WorkerSlotOptions;
  #current: WorkerProcess | null = null;
  readonly #told: LastingFigures;
  #attempt = 0;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #downSince: number | null = performance.now();
  /** Bytes of what the process was given to begin with. */
  #openingBytes = 0;
  /** Heap snapshots that it is asked for; it stands still for each. */
  #snapshots = 0;

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
    this.worker = options.worker;
    this.#told = new LastingFigures(options.vacantFigures);
    const { worker } = this;
    const ownShard: Partial<Shard> = {
      worker,
      figures: () => this.#figures(),
      setAccepting: (accepting) => this.#setAccepting(accepting),
    };
    this.shard = remote<Shard>(ownShard, (method, args) => this.#askShard(method, args));
    const own: Partial<ServiceProcess> = {
      worker,
      figures: () => this.#processFigures(),
      // The kernel tells them of a process that does not answer, too.
      threads: () => readThreads(this.pid),
      writeHeapSnapshot: (folder) => this.#writeHeapSnapshot(folder),
    };
    Object.defineProperty(own, "pid", { get: () => this.pid });
    this.process = remote<ServiceProcess>(own, (method, args) => this.#ask("process", method, args));
  }

  get pid(): number {
    return this.#current?.pid ?? 0;
  }

  get current(): WorkerProcess | null {
    return this.#current;
  }

  get runs(): boolean {
    return this.#current?.isReady === true;
  }

  /** Seconds that it has not served, null when it does. */
  get unavailableSeconds(): number | null {
    const now = performance.now();
    if (this.#downSince !== null) return (now - this.#downSince) / 1_000;
    return this.hanging ? (now - (this.#current?.peer.lastHeardAt ?? now)) / 1_000 : null;
  }

  /** Resolves once it takes connections; rejects when it ends before. */
  start(): Promise<void> {
    this.#timer = null;
    const { options, worker } = { options: this.#options, worker: this.worker };
    this.#current = new WorkerProcess({
      script: options.script,
      start: { ...options.start(), worker },
      main: options.main,
      limits: options.limits,
      onReady: (process) => {
        this.#downSince = null;
        options.onReady(process);
        this.#openingBytes = process.peer.backlogBytes;
        options.logger.info("worker started", { worker, pid: process.pid });
      },
      onTaken: options.onTaken,
      onEnd: (process, end, untaken) => this.#ended(process, end, untaken),
    });
    return this.#current.ready;
  }

  /** Looks whether it answers and keeps up. `pausedMs` is how long this process itself was kept from looking. */
  check(now: number, pausedMs: number): void {
    const { worker } = this;
    const { logger } = this.#options;
    const process = this.#current;
    if (process === null || !process.isReady) return;
    process.peer.lastHeardAt += pausedMs;
    const silentMs = now - process.peer.lastHeardAt;
    const { backlogBytes } = process.peer;
    const judgement = judge({
      silentMs,
      backlogBytes: backlogBytes - this.#openingBytes,
      standsStill: this.#snapshots > 0,
    });
    if (judgement !== "answers" && !this.hanging) {
      this.hanging = true;
      logger.warn("worker does not answer", { worker, pid: process.pid });
    } else if (judgement === "answers" && this.hanging) {
      this.hanging = false;
      logger.info("worker answers again", { worker, pid: process.pid });
    }
    if (judgement !== "lost") return;
    logger.critical("worker is replaced", {
      worker,
      pid: process.pid,
      backlog_bytes: backlogBytes,
      silent_seconds: Math.round(silentMs / 1_000),
    });
    process.kill("SIGKILL");
  }

  /** Figures without waiting. */
  lastFigures(): ShardFigures {
    return this.#told.ofShard(this.#beat);
  }

  lastProcessFigures(): ProcessFigures | null {
    return this.#told.ofProcess(this.#beat);
  }

  /** Ends it for good. One that hangs is not waited for. */
  async stop(patience: number): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.hanging) this.#current?.kill("SIGKILL");
    await this.#current?.end(patience);
  }

  get #beat() {
    return this.#current?.newestBeat ?? null;
  }

  async #figures(): Promise<ShardFigures> {
    const answer = (await this.#askFigures("shard")) as ShardFigures | null;
    const beat = this.#beat;
    if (answer !== null && beat) this.#told.take(beat, answer);
    return this.lastFigures();
  }

  async #processFigures(): Promise<ProcessFigures> {
    const answer = (await this.#askFigures("process")) as ProcessFigures | null;
    const beat = this.#beat;
    if (answer !== null && beat) beat.process = answer;
    const last = this.lastProcessFigures();
    if (last === null) throw this.#unavailable();
    return last;
  }

  /** Null when the last ones must do. */
  async #askFigures(target: "shard" | "process"): Promise<unknown> {
    const process = this.#current;
    if (!process?.isReady || this.hanging) return null;
    const answer = await process.peer.call(target, "figures", [], figuresPatienceMs).catch(() => null);
    return process === this.#current ? answer : null;
  }

  #askShard(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.runs) return this.#ask("shard", method, args);
    const { vacant } = this.#options;
    return (vacant as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>)[method]?.(
      ...args,
    ) as Promise<unknown>;
  }

  #ask(target: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const process = this.#current;
    if (!process?.isReady || this.hanging) return Promise.reject(this.#unavailable());
    return process.peer.call(target, method, args, patienceMs[method]);
  }

  /** Said in any case, and so heeded by one that hangs when it wakes; one that starts is told as it begins. */
  async #setAccepting(accepting: boolean): Promise<void> {
    const process = this.#current;
    if (!process?.isReady) return;
    const heeded = process.peer.call("shard", "setAccepting", [accepting]).catch(() => undefined);
    if (!this.hanging) await heeded;
  }

  async #writeHeapSnapshot(folder: string): Promise<Written> {
    this.#snapshots++;
    try {
      return (await this.#ask("process", "writeHeapSnapshot", [folder])) as Written;
    } finally {
      this.#snapshots--;
    }
  }

  #unavailable() {
    const { worker } = this;
    const what = this.hanging ? "does not answer" : "is being started again";
    return new CodedError("WORKER_UNAVAILABLE", `${worker} ${what}`, { worker });
  }

  #ended(process: WorkerProcess, { code, signal, upMs }: WorkerEnd, untaken: Socket | null): void {
    const { logger, onEnd } = this.#options;
    const last = this.#told.end(process.newestBeat);
    this.#current = null;
    this.hanging = false;
    this.#downSince ??= performance.now();
    onEnd(process, untaken);
    if (this.#stopped) return;
    this.#attempt = upMs >= healthyMs ? 0 : this.#attempt + 1;
    const delayMs = backoffMs(this.#attempt, restart, Math.random);
    logger.critical("worker ended", {
      worker: this.worker,
      pid: process.pid,
      code,
      signal,
      connections_lost: last.active,
      restart_in_seconds: Number((delayMs / 1_000).toFixed(1)),
    });
    this.restarts++;
    this.#timer = setTimeout(() => void this.start().catch(() => undefined), delayMs);
  }
}
