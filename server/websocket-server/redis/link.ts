import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "../../process/logger";
import type { CacheState, RedisFigures } from "../cache/cache-state";
import { readFacts } from "./redis-facts";
import { messageOf } from "./refusal";
import { addressOf, openSession, type Session, type SessionOptions } from "./session";

export interface LinkOptions extends SessionOptions {
  logger: Logger;
  /** What is done with a session; ends with it. */
  serve(session: Session): Promise<never>;
  /** Runs with each change of whether Redis can be used; `reason` says why not. */
  onDown(reason: string): void;
}

const backoffMs = { first: 100, longest: 3_000 };

/** Keeps a session with Redis, one after the other, and tells the truth about it. */
export class RedisLink {
  readonly #options: LinkOptions;
  readonly #address: string;
  readonly #stopped = new AbortController();
  #session: Session | null = null;
  #state: CacheState = { backend: "redis", state: "connecting", reason: null };
  #running: Promise<void> = Promise.resolve();
  #served = 0;
  #errors = 0;
  #lastError: string | null = null;
  roundTripMs: number | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#address = addressOf(options.url);
  }

  get state(): CacheState {
    return this.#state;
  }

  /** The one that is being served, null while there is none. */
  get session(): Session | null {
    return this.#session;
  }

  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** `onAttempt` runs after each attempt that came to nothing. */
  start(onAttempt: () => void): void {
    this.#running = this.#run(onAttempt);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#session?.end(new Error("the service stops"));
    await this.#running;
  }

  /** Redis takes writes; `firstOfSession` counts the session as one that came about. */
  setReady(firstOfSession: boolean, fields: { epoch: string }): void {
    if (firstOfSession) this.#served++;
    if (this.#state.state === "ready") return;
    this.#options.logger.info("redis ready", { address: this.#address, ...fields });
    this.#state = { backend: "redis", state: "ready", reason: null };
  }

  setDown(error: unknown): void {
    this.note(error);
    const reason = messageOf(error);
    if (this.#state.reason !== reason) {
      this.#options.logger.error("redis down", { address: this.#address, error: reason });
    }
    this.#state = { backend: "redis", state: "down", reason };
    this.#options.onDown(reason);
  }

  note(error: unknown): void {
    this.#errors++;
    this.#lastError = messageOf(error);
  }

  /** What /admin/cache tells of Redis. */
  async figures(): Promise<RedisFigures> {
    const session = this.#session;
    const server = session === null ? null : await readFacts(session.commands).catch(() => null);
    return {
      address: this.#address,
      version: server?.version ?? null,
      used_memory_bytes: server?.usedMemoryBytes ?? null,
      round_trip_ms: session === null ? null : this.roundTripMs,
      reconnects_total: Math.max(0, this.#served - 1),
      errors_total: this.#errors,
      last_error: this.#lastError,
    };
  }

  /** Pauses between sessions grow while Redis is away, and are scattered, so that instances don't come at once. */
  async #run(onAttempt: () => void): Promise<void> {
    let pauseMs = backoffMs.first;
    while (!this.stopped.aborted) {
      const servedBefore = this.#served;
      try {
        await this.#once();
      } catch (error) {
        if (this.stopped.aborted) break;
        this.setDown(error);
      }
      onAttempt();
      const came = this.#served > servedBefore;
      pauseMs = came ? backoffMs.first : Math.min(pauseMs * 2, backoffMs.longest);
      const scattered = pauseMs * (0.5 + Math.random() / 2);
      await wait(scattered, undefined, { signal: this.stopped }).catch(() => {});
    }
  }

  async #once(): Promise<never> {
    const session = await openSession(this.#options);
    try {
      if (this.stopped.aborted) throw new Error("the service stops");
      this.#session = session;
      return await this.#options.serve(session);
    } finally {
      this.#session = null;
      session.end(new Error("the session is over"));
    }
  }
}
