import { setTimeout as wait } from "node:timers/promises";
import type { DataSource as SourceStatus } from "../../../lib/contract/service-api";
import { isCodedError } from "../../../lib/errors";
import { backoffMs } from "../../process/jittered-back-off";
import type { Logger } from "../../process/logger";
import { RateWindow } from "../rate-window";
import { Topics } from "../topics/topics";
import { errorText } from "./error-text";
import { readPayload } from "./payload";
import { type Feed, type Publish, RefusedError, type Session } from "./source";

export interface DataSourceOptions {
  logger: Logger;
  /** Between two attempts at most. */
  retryLongestMs: number;
  /** Of one payload. */
  maxBytes: number;
  random?: () => number;
}

const firstRetryMs = 250;
/** A connection that held this long makes the next loss a first one again. */
const heldMs = 10_000;
/** An answer to whoever restarts a source is not held back longer. */
const settledWithinMs = 5_000;
/** More names than this are not told apart in `topics`. */
const mostTopics = 100_000;

/** Keeps one feed running: connects, connects again after a loss, and tells the truth about it. */
export class DataSource {
  readonly #feed: Feed;
  readonly #options: DataSourceOptions;
  readonly #publish: Publish;
  readonly #topics = new Set<string>();
  readonly #rate = new RateWindow();
  #state: SourceStatus["state"] = "stopped";
  #downSinceMs: number | null = null;
  /** The trouble that the log knows of. */
  #told: SourceStatus["state"] | null = null;
  #life: { abort: AbortController; done: Promise<void> } | null = null;
  #turn: Promise<void> = Promise.resolve();
  #waiting: (() => void)[] = [];
  #connections = 0;
  #messages = 0;
  #errors = 0;
  #lastMessageAtMs: number | null = null;
  #lastError: string | null = null;

  constructor(feed: Feed, publish: Publish, options: DataSourceOptions) {
    this.#feed = feed;
    this.#publish = publish;
    this.#options = options;
  }

  get name(): string {
    return this.#feed.name;
  }

  covers(topic: string): boolean {
    return this.#feed.covers(topic);
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#life === null) this.#begin();
    });
  }

  /** Ends the connection and leaves the source at rest. */
  rest(as: "standby" | "stopped"): Promise<void> {
    return this.#inTurn(async () => {
      await this.#end();
      this.#enter(as);
    });
  }

  /** Ends the connection and makes a new one at once; resolves when it is known what came of it. A source at rest stays so. */
  async restart(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#life === null) return;
      await this.#end();
      this.#begin();
    });
    if (this.#state !== "connecting") return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      timer = setTimeout(resolve, settledWithinMs);
    });
    clearTimeout(timer);
  }

  status(nowMs: number): SourceStatus {
    return {
      name: this.#feed.name,
      type: this.#feed.type,
      state: this.#state,
      down_since_at_ms: this.#downSinceMs,
      topics: this.#topics.size,
      last_message_at_ms: this.#lastMessageAtMs,
      messages_total: this.#messages,
      messages_per_second: this.#rate.perSecond(nowMs),
      errors_total: this.#errors,
      reconnects_total: Math.max(0, this.#connections - 1),
      last_error: this.#lastError,
    };
  }

  /** Starts, stops and restarts never overlap. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(change);
    return this.#turn;
  }

  #begin(): void {
    const abort = new AbortController();
    this.#life = { abort, done: this.#live(abort.signal) };
  }

  async #end(): Promise<void> {
    this.#life?.abort.abort();
    await this.#life?.done;
    this.#life = null;
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { random = Math.random, retryLongestMs: longestMs } = this.#options;
    let attempt = 0;
    while (!signal.aborted) {
      this.#enter("connecting");
      let connectedAt: number | null = null;
      // each session has a signal of its own: what feeds leave on it goes with it
      const end = new AbortController();
      const stop = () => end.abort();
      signal.addEventListener("abort", stop);
      const session = this.#session(end.signal, () => {
        connectedAt ??= performance.now();
      });
      const error = await this.#feed.run(session).then(
        () => new Error("the connection ended"),
        (reason: unknown) => reason,
      );
      signal.removeEventListener("abort", stop);
      stop();
      if (signal.aborted) return;
      if (connectedAt !== null && performance.now() - connectedAt >= heldMs) attempt = 0;
      const refused = error instanceof RefusedError;
      this.#count(error);
      this.#enter(refused ? "failed" : "backoff");
      const waitMs = refused
        ? longestMs * (0.5 + random() / 2)
        : backoffMs(attempt, { firstMs: firstRetryMs, longestMs }, random);
      attempt++;
      await wait(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  #session(signal: AbortSignal, onConnected: () => void): Session {
    const publish = (topic: string, data: unknown) => (signal.aborted ? false : this.#offer(topic, data));
    return {
      signal,
      connected: () => {
        if (signal.aborted || this.#state === "running") return;
        onConnected();
        this.#connections++;
        this.#enter("running");
      },
      publish,
      receive: (topic, text, format) => {
        const read = readPayload(text, format, this.#options.maxBytes);
        if (read.ok) return publish(topic, read.data);
        this.#count(`bad payload on ${topic.slice(0, 64)}: ${read.reason}`);
        return true;
      },
      error: (message) => this.#count(message),
    };
  }

  #offer(topic: string, data: unknown): boolean | Promise<boolean> {
    if (!Topics.isValidName(topic)) {
      this.#count(`bad topic name ${JSON.stringify(topic.slice(0, 64))}`);
      return true;
    }
    try {
      const placed = this.#publish(topic, data);
      if (!(placed instanceof Promise)) return this.#accepted(topic);
      return placed.then(
        () => this.#accepted(topic),
        (error: unknown) => this.#notPlaced(topic, error),
      );
    } catch (error) {
      return this.#notPlaced(topic, error);
    }
  }

  #accepted(topic: string): true {
    this.#messages++;
    this.#lastMessageAtMs = Date.now();
    this.#rate.add(this.#lastMessageAtMs);
    if (this.#topics.size < mostTopics) this.#topics.add(topic);
    return true;
  }

  /** Whatever has no code is the message's own fault, and would be so again. */
  #notPlaced(topic: string, error: unknown): boolean {
    this.#count(`${topic} not published: ${errorText(error, this.#feed.secrets)}`);
    return !isCodedError(error);
  }

  #count(error: unknown): void {
    this.#errors++;
    this.#lastError = errorText(error, this.#feed.secrets);
  }

  #enter(state: SourceStatus["state"]): void {
    const before = this.#state;
    if (state === before) return;
    this.#state = state;
    const atRest = state === "running" || state === "standby" || state === "stopped";
    if (atRest) this.#downSinceMs = null;
    else this.#downSinceMs ??= Date.now();
    if (state !== "connecting") for (const resolve of this.#waiting.splice(0)) resolve();
    if (atRest) this.#told = null;
    const fields = { source: this.name, state };
    if (state === "backoff" || state === "failed") {
      // the attempts that follow a loss are the same trouble, told once
      const log = this.#told === state ? "debug" : "warn";
      this.#told = state;
      this.#options.logger[log]("data source lost", { ...fields, error: this.#lastError });
    } else if (state !== "connecting") {
      this.#options.logger.info(`data source ${state}`, fields);
    }
  }
}
