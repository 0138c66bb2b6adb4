import type { Counters } from "../counters";
import { Flusher } from "../outbound/flusher";
import { History, type HistoryLimits } from "./history";
import type { GapReason } from "./notices";
import type { SequencedMessage, TopicsNotice } from "./sequencer";
import { Topic } from "./topic";

const validName = /^[A-Za-z0-9._:/-]{1,256}$/;
const sweepEveryMs = 1_000;

export interface TopicsOptions {
  /** Of the sequencer, as far as it is known before its first message. */
  epoch: string;
  counters: Counters;
  limits(): HistoryLimits & { forgetAfterSeconds: number };
  /** Whether a source feeds a topic of this name, now or later. */
  fedBySource(name: string): boolean;
  /** Whether a source or a publisher may feed a topic of this name. */
  covers(name: string): boolean;
  /** The newest number that was given for a topic which is not held here; 0 when none is known. */
  numberOf?: ((name: string) => number) | undefined;
  /** Milliseconds between two times that messages leave; adaptive when left out. */
  flushMs?(): number | "adaptive";
}

/** All topics, as the sequencer's messages make them. What is applied leaves together when the flusher says so. */
export class Topics {
  readonly history: History;
  readonly #topics = new Map<string, Topic>();
  /** Topics that have values and no source: those that clients made. */
  readonly #published = new Set<Topic>();
  readonly #dirty = new Set<Topic>();
  readonly #options: TopicsOptions;
  readonly #sweeping: NodeJS.Timeout;
  #epoch: string;
  readonly #flusher: Flusher;
  #cachedBytes = 0;
  #cachedEntries = 0;
  #afterFlush: () => void = () => {};
  #onFirstValue: (topic: Topic) => void = () => {};
  #onForgotten: (topic: Topic) => void = () => {};

  constructor(options: TopicsOptions) {
    this.#options = options;
    this.#epoch = options.epoch;
    this.#flusher = new Flusher({
      flushMs: options.flushMs ?? (() => "adaptive"),
      flush: () => this.#flush(),
    });
    this.history = new History(options.limits);
    this.#sweeping = setInterval(() => this.sweep(Date.now()), sweepEveryMs);
    this.#sweeping.unref();
  }

  static isValidName(name: string): boolean {
    return validName.test(name);
  }

  /** Of the sequence numbers. */
  get epoch(): string {
    return this.#epoch;
  }

  get size(): number {
    return this.#topics.size;
  }

  /** Topics that have values from clients and no source. */
  get publishedTopics(): number {
    return this.#published.size;
  }

  get cachedEntries(): number {
    return this.#cachedEntries;
  }

  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  values(): IterableIterator<Topic> {
    return this.#topics.values();
  }

  /** Whether anything may feed a topic of this name. */
  covers(name: string): boolean {
    return this.#options.covers(name);
  }

  /** The topic's newest number, also of one that is not held; 0 when none is known. */
  numberOf(name: string): number {
    return this.#topics.get(name)?.seq ?? this.#numberGiven(name);
  }

  find(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  /** The topic of this name, made when something may feed it; null otherwise. */
  open(name: string): Topic | null {
    const topic = this.#topics.get(name);
    if (topic !== undefined) return topic;
    if (!validName.test(name) || !this.#options.covers(name)) return null;
    const opened = this.#add(name);
    opened.seq = this.#numberGiven(name);
    return opened;
  }

  /** Lets go of a topic that has neither subscriber nor anything that would be missed. */
  release(topic: Topic): void {
    if (topic.lastMessageAtMs !== null || topic.subscribers.size > 0) return;
    if (topic.seq <= this.#numberGiven(topic.name)) this.#topics.delete(topic.name);
  }

  /** Runs once after the topics handed out what they had. */
  onFlushed(send: () => void): void {
    this.#afterFlush = send;
  }

  /** `came` runs before a topic's first value is handed out, `went` when a topic that nobody named is forgotten. */
  onChange(came: (topic: Topic) => void, went: (topic: Topic) => void): void {
    this.#onFirstValue = came;
    this.#onForgotten = went;
  }

  /** The one way in. What has been applied already is passed over; what is missing in between is told as a gap. */
  apply(messages: readonly SequencedMessage[]): void {
    for (const message of messages) this.#apply(message);
  }

  /** What the sequencer tells besides messages, in order with them. */
  heed(notice: TopicsNotice): void {
    if (notice.kind === "epoch") this.startEpoch(notice.epoch);
    else this.#forget(notice.topics);
  }

  /** From here on numbers are those of `epoch`: with another one than before every topic begins anew. */
  startEpoch(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#published.clear();
    const nowMs = Date.now();
    for (const topic of this.#topics.values()) {
      this.discardValues(topic);
      topic.begin();
      this.#tellGap(topic, 1, 0, "epoch_changed", nowMs);
      this.release(topic);
    }
  }

  /** Drops last value and history; the number goes on. */
  discardValues(topic: Topic): void {
    this.history.clear(topic.history);
    if (topic.last === null) return;
    this.#cachedEntries--;
    this.#cachedBytes -= topic.last.bytes;
    topic.last = null;
  }

  /** Drops history that is too old, and topics that clients made and nobody has used for long. */
  sweep(nowMs: number): void {
    this.history.expire(nowMs);
    const before = nowMs - this.#options.limits().forgetAfterSeconds * 1_000;
    for (const topic of this.#published) {
      if ((topic.lastMessageAtMs ?? 0) >= before || topic.subscribers.size > topic.patternSubscribers)
        continue;
      this.#published.delete(topic);
      this.#onForgotten(topic);
      this.discardValues(topic);
      this.#topics.delete(topic.name);
    }
  }

  stop(): void {
    clearInterval(this.#sweeping);
    this.#flusher.stop();
  }

  #add(name: string): Topic {
    const topic = new Topic(name);
    this.#topics.set(name, topic);
    return topic;
  }

  #numberGiven(name: string): number {
    return this.#options.numberOf?.(name) ?? 0;
  }

  #apply(message: SequencedMessage): void {
    this.startEpoch(message.epoch);
    const topic = this.#topics.get(message.topic) ?? this.#add(message.topic);
    if (message.seq <= topic.seq) return;
    if (topic.lastMessageAtMs === null) {
      if (!this.#options.fedBySource(topic.name)) this.#published.add(topic);
      this.#onFirstValue(topic);
    }
    if (message.seq > topic.seq + 1) {
      this.history.clear(topic.history);
      this.#tellGap(topic, topic.seq + 1, message.seq - 1, "messages_lost", Date.now());
    }
    const before = topic.last?.bytes ?? 0;
    if (before === 0) this.#cachedEntries++;
    const accepted = topic.accept(message);
    this.#cachedBytes += accepted.bytes - before;
    this.history.add(topic.history, accepted);
    if (message.acceptedAtMs !== null) topic.received.add(message.acceptedAtMs);
    if (topic.subscribers.size === 0) return;
    this.#dirty.add(topic);
    this.#flusher.note();
  }

  #forget(names: readonly string[] | null): void {
    const topics = names === null ? this.#topics.values() : names.map((name) => this.#topics.get(name));
    for (const topic of topics) if (topic) this.discardValues(topic);
  }

  #tellGap(topic: Topic, fromSeq: number, toSeq: number, reason: GapReason, nowMs: number): void {
    this.#options.counters.gaps += topic.subscribers.size;
    topic.tellGap({ epoch: this.#epoch, fromSeq, toSeq, reason }, nowMs);
  }

  #flush(): void {
    const now = Date.now();
    for (const topic of this.#dirty) topic.flush(now);
    this.#dirty.clear();
    this.#afterFlush();
  }
}
