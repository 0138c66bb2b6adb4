import type { Redis } from "ioredis";
import type { SequencedMessage, TopicsNotice } from "../topics/sequencer";
import { isBefore, msOf, readFeedEntry, readLastValue, type StreamEntry } from "./feed-entry";
import type { SharedKeys } from "./keys";
import { look, renewEpoch, run } from "./scripts";
import { type Snapshot, takeSnapshot } from "./snapshot";

const entriesARead = 1_000;
export const blockMs = 500;
/** Messages placed in one step have one instant, and ids by when each was added, which may be later by so much. */
const longestScriptMs = 5_000;

export interface FollowerOptions {
  keys: SharedKeys;
  newEpoch(): string;
  onMessages(messages: readonly SequencedMessage[]): void;
  onNotice(notice: TopicsNotice): void;
  /** An instance gave data sources up. */
  onReleased(): void;
  onCaughtUp(): void;
  /** When this instance accepted what it gave to Redis, in epoch milliseconds; null for what others gave. */
  acceptedAtMs(origin: string, reference: number): number | null;
  /** A message was read that the instance of this name gave to Redis; told once for each. */
  onRead(origin: string): void;
  /** The numbers went back or messages are missing. */
  onTrouble(message: string): void;
}

/**
 * Reads the feed from the last entry it saw, over all sessions, and so hands every message on once and in Redis'
 * order. Whenever it can't be sure that nothing lies between, it compares everything with what stands in Redis.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #known = new Map<string, number>();
  #epoch: string | null = null;
  #position = "0-0";
  #waiting: { id: string; resolve(): void }[] = [];
  #unsure = false;
  #wentBack = false;
  /** Topics whose newest value was handed on before the part of the feed that is being read. */
  #early: ReadonlySet<string> = new Set();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  get epoch(): string | null {
    return this.#epoch;
  }

  /** The newest number of a topic as far as it has been read; 0 for one that never had a message. */
  numberOf(topic: string): number {
    return this.#known.get(topic) ?? 0;
  }

  /** Compares with what a look at Redis found: another epoch, a feed that was cut or begun anew. */
  compare(found: { epoch: string; first: string; last: string }): void {
    const cut = found.first !== "" && isBefore(this.#position, found.first) && this.#position !== "0-0";
    if (found.epoch !== this.#epoch || isBefore(found.last, this.#position) || cut) this.#unsure = true;
  }

  /** Resolves when the feed has been read up to `id`. */
  reached(id: string): Promise<void> {
    if (!isBefore(this.#position, id)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ id, resolve }));
  }

  /** Never returns: ends with the connection's error. */
  async follow(reader: Redis): Promise<never> {
    for (;;) {
      if (this.#unsure) await this.catchUp(reader);
      const { feed } = this.#options.keys;
      const from = this.#position;
      const reply = await reader.xread("COUNT", entriesARead, "BLOCK", blockMs, "STREAMS", feed, from);
      const entries = reply?.[0]?.[1];
      if (entries) this.#take(entries, now());
      this.#tellWaiting();
    }
  }

  #tellWaiting(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ id }) => isBefore(this.#position, id));
    for (const { id, resolve } of waiting) if (!isBefore(this.#position, id)) resolve();
  }

  /** Compares everything with what stands in Redis and hands on what is missing. */
  async catchUp(reader: Redis): Promise<void> {
    const { keys, newEpoch, onNotice, onTrouble } = this.#options;
    await run(reader, look, [keys.numbers, keys.feed], [newEpoch()]);
    let found = await takeSnapshot(reader, keys);
    if (found.epoch === this.#epoch && (this.#wentBack || this.#isBehind(found))) {
      onTrouble("Redis went back to an older state: a new epoch begins");
      await run(reader, renewEpoch, [keys.numbers], [this.#epoch, newEpoch()]);
      found = await takeSnapshot(reader, keys);
    }
    this.#unsure = false;
    this.#wentBack = false;
    const anew = found.epoch !== this.#epoch;
    if (anew) {
      if (this.#epoch !== null) onTrouble("a new epoch begins");
      this.#epoch = found.epoch;
      this.#known.clear();
      this.#position = "0-0";
      onNotice({ kind: "epoch", epoch: found.epoch });
    }
    const beforeMs = msOf(found.first || found.last) - longestScriptMs;
    // What is older than the feed comes before it, so that histories are in the order of time.
    this.#early = this.#takeValues(found, anew, (atMs) => atMs < beforeMs);
    await this.#readTail(reader, anew ? "-" : `(${this.#position}`, found.last, anew);
    this.#early = new Set();
    this.#takeValues(found, anew, () => true);
    for (const [topic, seq] of found.numbers) this.#known.set(topic, seq);
    this.#position = found.last;
    this.#tellWaiting();
    this.#options.onCaughtUp();
  }

  #isBehind({ numbers }: Snapshot): boolean {
    for (const [topic, seq] of this.#known) if ((numbers.get(topic) ?? 0) < seq) return true;
    return false;
  }

  /** What the feed holds up to the snapshot. */
  async #readTail(reader: Redis, from: string, until: string, past: boolean): Promise<void> {
    let start = from;
    for (;;) {
      const entries = await reader.xrange(this.#options.keys.feed, start, until, "COUNT", entriesARead);
      this.#take(entries, past ? null : now(), true);
      const last = entries.at(-1);
      if (last === undefined || entries.length < entriesARead) return;
      start = `(${last[0]}`;
    }
  }

  /** Newest values that are not known yet, as far as they are of the time that is wanted. */
  #takeValues({ epoch, values }: Snapshot, past: boolean, wanted: (atMs: number) => boolean): Set<string> {
    const messages: SequencedMessage[] = [];
    for (const [topic, text] of values) {
      const value = readLastValue(text);
      if (value === null || value.seq <= this.numberOf(topic) || !wanted(value.atMs)) continue;
      messages.push({ epoch, topic, ...value, acceptedAtMs: past ? null : now() });
    }
    messages.sort((a, b) => a.atMs - b.atMs);
    for (const { topic, seq } of messages) this.#known.set(topic, seq);
    if (messages.length > 0) this.#options.onMessages(messages);
    return new Set(messages.map(({ topic }) => topic));
  }

  #take(entries: readonly StreamEntry[], acceptedAtMs: number | null, catchingUp = false): void {
    let messages: SequencedMessage[] = [];
    const handOn = () => {
      if (messages.length > 0) this.#options.onMessages(messages);
      messages = [];
    };
    for (const raw of entries) {
      this.#position = raw[0];
      const entry = readFeedEntry(raw);
      if (entry.kind === "forget") {
        handOn();
        this.#options.onNotice(entry);
      } else if (entry.kind === "released") {
        this.#options.onReleased();
      } else if (entry.kind === "message") {
        const { topic, seq, atMs, data, epoch, origin, reference } = entry;
        if (!this.#isNext(topic, seq, epoch, catchingUp)) continue;
        this.#options.onRead(origin);
        const own = this.#options.acceptedAtMs(origin, reference);
        this.#known.set(topic, seq);
        messages.push({ epoch, topic, seq, atMs, data, acceptedAtMs: own ?? acceptedAtMs });
      }
    }
    handOn();
  }

  /** Whether a message may be handed on; what does not fit is noted for the next comparison. */
  #isNext(topic: string, seq: number, epoch: string, catchingUp: boolean): boolean {
    const before = this.numberOf(topic);
    if (epoch !== this.#epoch) {
      if (!catchingUp) this.#unsure = true;
      return false;
    }
    if (seq <= before) {
      if (this.#early.has(topic)) return false;
      this.#unsure = true;
      this.#wentBack = true;
      return false;
    }
    if (seq > before + 1 && !catchingUp) {
      this.#options.onTrouble("messages are missing from the feed");
      this.#unsure = true;
    }
    return true;
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
