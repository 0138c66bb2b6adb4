import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "../../process/logger";
import type { CacheState, RedisFigures } from "../cache/cache-state";
import type { Forgettable, SequencedMessage, Sequencer, TopicsNotice } from "../topics/sequencer";
import { blockMs, Follower } from "./follower";
import { type SharedKeys, sharedKeys } from "./keys";
import { Leases } from "./leases";
import { type Place, PublishQueue, unavailable, type WaitingMessage } from "./publish-queue";
import { readFacts } from "./redis-facts";
import { forgetValues, look, placeMessages, run } from "./scripts";
import { addressOf, openSession, type Session } from "./session";

export interface RedisSequencerOptions {
  url: string;
  prefix: string;
  /** How long Redis may take for an answer. */
  timeoutMs: number;
  /** Messages that the feed keeps. */
  feedLength: number;
  leaseMs: number;
  logger: Logger;
}

const lookEveryMs = 1_000;
const backoffMs = { first: 100, longest: 3_000 };
/** What was flushed leaves the feed after this long, when every instance has read past it. */
const trimAfterMs = 5_000;
const topicsAPart = 1_000;

/**
 * Gives messages their place in Redis, so that all instances on it serve the same topics with the same epoch and
 * numbers. While Redis is away nothing is published, and what the topics hold stays.
 */
export class RedisSequencer implements Sequencer {
  readonly leases: Leases;
  readonly #options: RedisSequencerOptions;
  readonly #keys: SharedKeys;
  readonly #queue = new PublishQueue();
  readonly #token = newName();
  readonly #provisional = newName();
  readonly #address: string;
  #follower: Follower | null = null;
  #session: Session | null = null;
  #state: CacheState = { backend: "redis", state: "connecting", reason: null };
  #running: Promise<void> = Promise.resolve();
  #stopped = new AbortController();
  #sessions = 0;
  #errors = 0;
  #lastError: string | null = null;
  #roundTripMs: number | null = null;
  /** Redis' clock less the monotonic one here. */
  #clockOffsetMs = 0;

  constructor(options: RedisSequencerOptions) {
    this.#options = options;
    this.#keys = sharedKeys(options.prefix);
    this.#address = addressOf(options.url);
    const { leaseMs: ttlMs, feedLength } = options;
    this.leases = new Leases({ keys: this.#keys, token: this.#token, ttlMs, feedLength });
  }

  /** One of its own until Redis has been reached for the first time. */
  get epoch(): string {
    return this.#follower?.epoch ?? this.#provisional;
  }

  get state(): CacheState {
    return this.#state;
  }

  publish(topic: string, data: string, source?: string): Promise<Place> {
    return this.#queue.publish(topic, data, source ?? null);
  }

  async forget(topics: readonly Forgettable[] | null): Promise<void> {
    const session = this.#session;
    if (session === null) throw unavailable(this.#state.reason ?? "Redis has not been reached yet");
    const { values, feed } = this.#keys;
    const { feedLength, timeoutMs } = this.#options;
    try {
      for (const part of topics === null ? [[]] : inParts(topics)) {
        const named = part.flatMap(({ topic, seq }) => [topic, seq]);
        const id = String(await run(session.commands, forgetValues, [values, feed], [feedLength, ...named]));
        if (topics === null) void this.#trimFeed(id);
        // Whoever asks this instance next finds it done.
        if (id !== "")
          await Promise.race([this.#follower?.reached(id), wait(timeoutMs, undefined, { ref: false })]);
      }
    } catch (error) {
      this.#note(error);
      throw unavailable(messageOf(error), error);
    }
  }

  /** Resolves when the topics are there, or when the first attempt to reach Redis has failed. */
  start(
    onMessages: (messages: readonly SequencedMessage[]) => void,
    onNotice: (notice: TopicsNotice) => void,
  ): Promise<void> {
    const follower = new Follower({
      keys: this.#keys,
      newEpoch: newName,
      onMessages,
      onNotice,
      onReleased: () => this.leases.tryNow(),
      acceptedAtMs: (origin, reference) =>
        origin === this.#token ? this.#queue.acceptedAtMs(reference) : null,
      onTrouble: (message) => this.#options.logger.warn("shared topics", { message }),
    });
    this.#follower = follower;
    return new Promise((resolve) => {
      this.#running = this.#run(follower, resolve);
    });
  }

  async stop(): Promise<void> {
    const session = this.#session;
    if (session !== null) {
      await this.leases.release(session.commands).catch((error: unknown) => this.#note(error));
    }
    this.#stopped.abort();
    this.leases.stop();
    session?.end(new Error("the service stops"));
    await this.#running;
  }

  /** What /admin/cache tells of Redis. */
  async figures(): Promise<RedisFigures> {
    const server = this.#session === null ? null : await readFacts(this.#session.commands).catch(() => null);
    return {
      address: this.#address,
      version: server?.version ?? null,
      used_memory_bytes: server?.usedMemoryBytes ?? null,
      round_trip_ms: this.#session === null ? null : this.#roundTripMs,
      reconnects_total: Math.max(0, this.#sessions - 1),
      errors_total: this.#errors,
      last_error: this.#lastError,
    };
  }

  /** One session after the other, with growing and scattered pauses while Redis is away. */
  async #run(follower: Follower, onFirst: () => void): Promise<void> {
    let pauseMs = backoffMs.first;
    while (!this.#stopped.signal.aborted) {
      const sessionsBefore = this.#sessions;
      try {
        await this.#serve(follower, onFirst);
      } catch (error) {
        if (this.#stopped.signal.aborted) break;
        this.#note(error);
        this.#setDown(messageOf(error));
      }
      onFirst();
      pauseMs = this.#sessions > sessionsBefore ? backoffMs.first : Math.min(pauseMs * 2, backoffMs.longest);
      await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: this.#stopped.signal }).catch(
        () => {},
      );
    }
    this.#queue.close("the service stops");
  }

  async #serve(follower: Follower, onCaughtUp: () => void): Promise<never> {
    const { url, timeoutMs } = this.#options;
    const session = await openSession({ url, timeoutMs, blockMs, name: `websocket-server-${this.#token}` });
    const work: Promise<never>[] = [session.over];
    try {
      // Before anything else, so that a Redis that refuses writes ends the attempt with its reason.
      await this.#look(session, follower);
      if (this.#stopped.signal.aborted) throw new Error("the service stops");
      this.#session = session;
      const ready = () => {
        this.#sessions++;
        this.#setReady(session);
        onCaughtUp();
        work.push(this.#watch(session, follower), this.leases.hold(session.commands, session.over));
        for (const each of work) each.catch((error: Error) => session.end(error));
      };
      work.push(follower.follow(session.reader, ready));
      for (const each of work) each.catch((error: Error) => session.end(error));
      return await session.over;
    } finally {
      this.#session = null;
      session.end(new Error("the session is over"));
      await Promise.allSettled(work);
    }
  }

  /** Looks at Redis every second: whether it takes writes, whether it is still the same, and how long it takes. */
  async #watch(session: Session, follower: Follower): Promise<never> {
    for (;;) {
      await Promise.race([wait(lookEveryMs), session.over]);
      try {
        await this.#look(session, follower);
        if (this.#state.state !== "ready") this.#setReady(session);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // It answers, and takes no writes: what others write may still come.
        this.#note(error);
        this.#setDown(messageOf(error));
      }
    }
  }

  async #look(session: Session, follower: Follower): Promise<void> {
    const askedAt = performance.now();
    const { numbers, feed } = this.#keys;
    const answer = await run(session.commands, look, [numbers, feed], [newName()]);
    const [epoch, redisMs, first, last] = answer as [string, string, string, string];
    this.#roundTripMs = performance.now() - askedAt;
    this.#clockOffsetMs = Number(redisMs) - (askedAt + this.#roundTripMs / 2);
    if (follower.epoch !== null) follower.compare({ epoch, first, last });
  }

  async #send(session: Session, batch: readonly WaitingMessage[]): Promise<void> {
    const sources = [...new Set(batch.map(({ source }) => source).filter((source) => source !== null))];
    const keys = [this.#keys.numbers, this.#keys.values, this.#keys.feed];
    // Redis does nothing after this moment, so that what was refused for being late does not happen later.
    const deadline = Math.floor(performance.now() + this.#clockOffsetMs + this.#options.timeoutMs);
    const [first] = batch;
    const args: (string | number)[] = [
      newName(),
      this.#options.feedLength,
      deadline,
      this.#token,
      first?.reference ?? 0,
      this.leases.token,
    ];
    for (const { source, topic, data } of batch) {
      args.push(source === null ? 0 : sources.indexOf(source) + 1, topic, data);
    }
    let answer: [string, number[]];
    try {
      const leases = sources.map((source) => this.#keys.lease(source));
      answer = (await run(session.commands, placeMessages, [...keys, ...leases], args)) as [string, number[]];
    } catch (error) {
      this.#note(error);
      if (isRefusal(error)) this.#setDown(messageOf(error));
      else session.end(error as Error);
      throw error;
    }
    const [epoch, seqs] = answer;
    for (const [index, message] of batch.entries()) {
      const seq = seqs[index] ?? -1;
      if (seq > 0) {
        message.resolve({ epoch, seq });
      } else {
        message.reject(unavailable(`another instance runs the data source ${message.source}`));
        if (message.source !== null) this.leases.lost(message.source);
      }
    }
  }

  async #trimFeed(id: string): Promise<void> {
    try {
      await wait(trimAfterMs, undefined, { signal: this.#stopped.signal, ref: false });
      await this.#session?.commands.xtrim(this.#keys.feed, "MINID", id);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#note(error);
    }
  }

  #setReady(session: Session): void {
    if (this.#state.state !== "ready") {
      this.#options.logger.info("redis ready", { address: this.#address, epoch: this.epoch });
    }
    this.#state = { backend: "redis", state: "ready", reason: null };
    this.#queue.open((batch) => this.#send(session, batch));
  }

  #setDown(reason: string): void {
    if (this.#state.reason !== reason) {
      this.#options.logger.error("redis down", { address: this.#address, error: reason });
    }
    this.#state = { backend: "redis", state: "down", reason };
    this.#queue.close(reason);
  }

  #note(error: unknown): void {
    this.#errors++;
    this.#lastError = messageOf(error);
  }
}

/** Redis does nothing else while it forgets a part. */
function inParts(topics: readonly Forgettable[]): (readonly Forgettable[])[] {
  const parts: (readonly Forgettable[])[] = [];
  for (let at = 0; at < topics.length; at += topicsAPart) parts.push(topics.slice(at, at + topicsAPart));
  return parts;
}

function newName(): string {
  return randomBytes(6).toString("hex");
}

/** An answer of Redis that says no, of which waiting may help; another connection would get the same. */
function isRefusal(error: unknown): boolean {
  return /^(OOM|MISCONF|NOREPLICAS|BUSY|EXPIRED|LOADING|NOPERM|WRONGTYPE|ERR) /.test(messageOf(error));
}

/** Never the command: it may hold data of clients. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
