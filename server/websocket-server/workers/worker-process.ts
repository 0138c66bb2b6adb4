import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ConnectionLimits } from "../connections/limits";
import { HeldPlaces } from "./held-places";
import type { Beat, MainTarget, SharedTarget, WorkerStart } from "./messages";
import { Peer } from "./peer";

/** The channel's descriptor in the worker; sockets alone travel over Node's own channel. */
export const channelDescriptor = 4;

export interface WorkerEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  upMs: number;
}

export interface WorkerProcessOptions {
  /** What to fork: the bundle of the service. */
  script: string;
  start: WorkerStart;
  main: SharedTarget;
  limits: ConnectionLimits;
  /** After it began to take connections. */
  onReady(process: WorkerProcess): void;
  /** After it took the socket that was handed to it: it may get the next one. */
  onTaken(): void;
  /** The socket that was handed to it and not taken, if there is one, is still alive. */
  onEnd(process: WorkerProcess, end: WorkerEnd, untaken: Socket | null): void;
}

/** One life of a worker. */
export class WorkerProcess {
  readonly peer: Peer;
  readonly ready: Promise<void>;
  isReady = false;
  newestBeat: Beat | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #onTaken: () => void;
  #handing: Socket | null = null;
  #handed = 0;

  constructor(options: WorkerProcessOptions) {
    const { start, script } = options;
    const startedAt = performance.now();
    this.#onTaken = options.onTaken;
    this.#child = fork(script, [start.worker], { stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"] });
    this.peer = new Peer(start.worker, this.#child.stdio[channelDescriptor] as Duplex);
    const places = new HeldPlaces(options.limits);
    this.ready = new Promise((resolve, reject) => {
      const main: MainTarget = {
        ...options.main,
        ready: () => {
          // Said before its end and heard after.
          if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
          this.isReady = true;
          options.onReady(this);
          resolve();
        },
        beat: (beat) => {
          this.newestBeat = beat;
        },
        reserve: (ip) => places.reserve(ip),
        release: (ip) => places.release(ip),
      };
      this.peer.expose("main", main);
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) =>
        reject(new Error(`${start.worker} ended before it was ready (${signal ?? `code ${code}`})`)),
      );
    });
    const exited = new Promise<Omit<WorkerEnd, "upMs">>((resolve) => {
      this.#child.once("exit", (code, signal) => {
        this.isReady = false;
        resolve({ code, signal });
      });
      this.#child.once("error", () => resolve({ code: 1, signal: null }));
    });
    // Not before everything that it said was heard. Node's own "close" event does not come after a disconnect.
    this.#ended = Promise.all([exited, this.peer.closed]).then(([end]) => {
      places.releaseAll();
      const untaken = this.#handing;
      this.#handing = null;
      options.onEnd(this, { ...end, upMs: performance.now() - startedAt }, untaken);
    });
    // Whoever does not wait for it hears of the end all the same.
    this.ready.catch(() => undefined);
    this.#child.on("message", () => this.#taken());
    this.peer.tell("worker", "start", start);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sockets that it holds, as far as it has told. */
  get sockets(): number {
    return this.#handed - (this.newestBeat?.socketsEnded ?? 0);
  }

  /** Whether it may be handed a socket. */
  get takes(): boolean {
    return this.isReady && this.#handing === null && this.#child.connected;
  }

  /** Hands a socket over. It stays open here until the worker took it, or it would leak should that one die. */
  hand(socket: Socket): void {
    this.#handing = socket;
    this.#handed++;
    this.#child.send("socket", socket, { keepOpen: true }, () => undefined);
  }

  /** Ends it with what it was told so far. */
  async end(patienceMs: number): Promise<void> {
    const timer = setTimeout(() => this.kill("SIGKILL"), patienceMs);
    await this.peer.call("worker", "end", [], patienceMs).catch(() => undefined);
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
    clearTimeout(timer);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #taken(): void {
    this.#handing?.destroy();
    this.#handing = null;
    this.#onTaken();
  }
}
