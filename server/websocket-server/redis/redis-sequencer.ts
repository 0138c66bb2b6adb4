import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "../../process/logger";
import type { CacheState, RedisFigures } from "../cache/cache-state";
import type { Forgettable, SequencedMessage, Sequencer, TopicsNotice } from "../topics/sequencer";
import { blockMs, Follower } from "./follower";
import { type SharedKeys, sharedKeys } from "./keys";
import { Leases } from "./leases";
import { RedisLink } from "./link";
import { type Place, PublishQueue, unavailable, type WaitingMessage } from "./publish-queue";
import { isRefusal, messageOf } from "./refusal";
import { forgetValues, look, placeMessages, run } from "./scripts";
import type { Session } from "./session";

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
  readonly #link: RedisLink;
  readonly #queue = new PublishQueue();
  readonly #token = newName();
  readonly #provisional = newName();
  publishedTotal = 0;
  #follower: Follower | null = null;
  /** Redis' clock less the monotonic one here, or somewhat less: Redis read its clock before it answered. */
  #clockOffsetMs = 0;

  constructor(options: RedisSequencerOptions) {
    this.#options = options;
    this.#keys = sharedKeys(options.prefix);
    const { url, timeoutMs, leaseMs: ttlMs, feedLength, logger } = options;
    this.leases = new Leases({ keys: this.#keys, token: this.#token, ttlMs, feedLength });
    this.#link = new RedisLink({
      url,
      timeoutMs,
      blockMs,
      name: `websocket-server-${this.#token}`,
      logger,
      serve: (session) => this.#serve(session),
      onDown: (reason) => this.#queue.close(reason),
    });
  }

  /** One of its own until Redis has been reached for the first time. */
  get epoch(): string {
    return this.#follower?.epoch ?? this.#provisional;
  }

  get state(): CacheState {
    return this.#link.state;
  }

  numberOf(topic: string): number {
    return this.#follower?.numberOf(topic) ?? 0;
  }

  publish(topic: string, data: string, source?: string): Promise<Place> {
    return this.#queue.publish(topic, data, source ?? null);
  }

  async forget(topics: readonly Forgettable[] | null): Promise<void> {
    const { session, state } = this.#link;
    if (session === null) throw unavailable(state.reason ?? "Redis has not been reached yet");
    const { values, feed } = this.#keys;
    const { feedLength, timeoutMs } = this.#options;
    try {
      for (const part of topics === null ? [[]] : inParts(topics)) {
        const named = part.flatMap(({ topic, seq }) => [topic, seq]);
        const id = String(await run(session.commands, forgetValues, [values, feed], [feedLength, ...named]));
        if (topics === null) void this.#trimFeed(id);
        // Whoever asks this instance next finds it done.
        const late = wait(timeoutMs, undefined, { ref: false });
        if (id !== "") await Promise.race([this.#follower?.reached(id), late]);
      }
    } catch (error) {
      this.#link.note(error);
      throw unavailable(messageOf(error), error);
    }
  }

  /** Resolves when the topics are there, or when the first attempt to reach Redis has failed. */
  start(
    onMessages: (messages: readonly SequencedMessage[]) => void,
    onNotice: (notice: TopicsNotice) => void,
  ): Promise<void> {
    return new Promise((resolve) => {
      this.#follower = new Follower({
        keys: this.#keys,
        newEpoch: newName,
        onMessages,
        onNotice,
        onReleased: () => this.leases.tryNow(),
        onCaughtUp: resolve,
        acceptedAtMs: (origin, reference) =>
          origin === this.#token ? this.#queue.acceptedAtMs(reference) : null,
        onRead: (origin) => {
          if (origin === this.#token) this.publishedTotal++;
        },
        onTrouble: (message) => this.#options.logger.warn("shared topics", { message }),
      });
      this.#link.start(resolve);
    });
  }

  async stop(): Promise<void> {
    const { session } = this.#link;
    if (session !== null) {
      await this.leases.release(session.commands).catch((error: unknown) => this.#link.note(error));
    }
    this.leases.stop();
    await this.#link.stop();
    this.#queue.close("the service stops");
  }

  figures(): Promise<RedisFigures> {
    return this.#link.figures();
  }

  async #serve(session: Session): Promise<never> {
    const follower = this.#follower as Follower;
    // Before anything else, so that a Redis that refuses writes ends the attempt with its reason.
    await this.#look(session, follower);
    await follower.catchUp(session.reader);
    this.#link.setReady(true, { epoch: this.epoch });
    this.#queue.open((batch) => this.#send(session, batch));
    const work = [
      follower.follow(session.reader),
      this.#watch(session, follower),
      this.leases.hold(session.commands, session.over),
    ];
    for (const each of work) each.catch((error: Error) => session.end(error));
    try {
      return await session.over;
    } finally {
      // Nothing of this session may still be at work when the next one begins.
      await Promise.allSettled(work);
    }
  }

  /** Looks at Redis every second: whether it takes writes, whether it is still the same, and how long it takes. */
  async #watch(session: Session, follower: Follower): Promise<never> {
    for (;;) {
      await Promise.race([wait(lookEveryMs, undefined, { ref: false }), session.over]);
      try {
        await this.#look(session, follower);
        if (this.state.state === "ready") continue;
        this.#link.setReady(false, { epoch: this.epoch });
        this.#queue.open((batch) => this.#send(session, batch));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // It answers, and takes no writes: what others write may still come.
        this.#link.setDown(error);
      }
    }
  }

  async #look(session: Session, follower: Follower): Promise<void> {
    const askedAt = performance.now();
    const { numbers, feed } = this.#keys;
    const answer = await run(session.commands, look, [numbers, feed], [newName()]);
    const [epoch, redisMs, first, last] = answer as [string, string, string, string];
    const answeredAt = performance.now();
    this.#link.roundTripMs = answeredAt - askedAt;
    this.#clockOffsetMs = Number(redisMs) - answeredAt;
    if (follower.epoch !== null) follower.compare({ epoch, first, last });
  }

  async #send(session: Session, batch: readonly WaitingMessage[]): Promise<void> {
    const sources = [...new Set(batch.map(({ source }) => source).filter((source) => source !== null))];
    const { numbers, values, feed, lease } = this.#keys;
    // Redis does nothing after this moment, so that what was refused for being late does not happen later.
    const deadlineAt = performance.now() + this.#options.timeoutMs;
    const deadline = Math.floor(deadlineAt + this.#clockOffsetMs);
    const args: (string | number)[] = [
      newName(),
      this.#options.feedLength,
      deadline,
      this.#token,
      batch[0]?.reference ?? 0,
      this.leases.token,
    ];
    for (const { source, topic, data } of batch) {
      args.push(source === null ? 0 : sources.indexOf(source) + 1, topic, data);
    }
    let answer: unknown;
    try {
      answer = await run(
        session.commands,
        placeMessages,
        [numbers, values, feed, ...sources.map(lease)],
        args,
      );
    } catch (error) {
      if (isRefusal(error)) this.#link.setDown(error);
      else {
        session.end(error as Error);
        // Whatever it was that a Redis that hangs did not answer first.
        if (await hangs(session)) await wait(Math.max(0, deadlineAt - performance.now()));
      }
      throw error;
    }
    this.#answer(batch, ...(answer as [string, number[]]));
  }

  #answer(batch: readonly WaitingMessage[], epoch: string, seqs: readonly number[]): void {
    for (const [index, { source, resolve, reject }] of batch.entries()) {
      const seq = seqs[index] ?? -1;
      if (seq > 0) {
        resolve({ epoch, seq });
      } else {
        reject(unavailable(`another instance runs the data source ${source}`));
        if (source !== null) this.leases.lost(source);
      }
    }
  }

  async #trimFeed(id: string): Promise<void> {
    const { stopped } = this.#link;
    try {
      await wait(trimAfterMs, undefined, { signal: stopped, ref: false });
      await this.#link.session?.commands.xtrim(this.#keys.feed, "MINID", id);
    } catch (error) {
      if (!stopped.aborted) this.#link.note(error);
    }
  }
}

/** Redis does nothing else while it forgets a part. */
function inParts(topics: readonly Forgettable[]): (readonly Forgettable[])[] {
  const parts: (readonly Forgettable[])[] = [];
  for (let at = 0; at < topics.length; at += topicsAPart) parts.push(topics.slice(at, at + topicsAPart));
  return parts;
}

/** Whether a session ended because Redis did not answer: it may still carry out what it was sent. */
function hangs({ over }: Session): Promise<boolean> {
  return over.catch((reason: unknown) => /timed out/.test(messageOf(reason)));
}

function newName(): string {
  return randomBytes(6).toString("hex");
}
