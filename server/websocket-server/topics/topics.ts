import type { Counters } from "../counters";
import { Flusher } from "../outbound/flusher";
import type { GapReason } from "./notices";
import type { SequencedMessage, TopicsNotice } from "./sequencer";
import { type Subscriber, Topic } from "./topic";

const validName = /^[A-Za-z0-9._:/-]{1,256}$/;

export interface TopicsOptions {
  /** Of the sequencer, as far as it is known before its first message. */
  epoch: string;
  counters: Counters;
  /** Whether a source or a publisher may feed a topic of this name. */
  covers(name: string): boolean;
  /** Milliseconds between two times that messages leave; adaptive when left out. */
  flushMs?(): number | "adaptive";
}

/** All topics, as the sequencer's messages make them. What is applied leaves together when the flusher says so. */
export class Topics {
  /** What is kept for those who come back. */
  readonly history = { messages: 0, bytes: 0 };
  readonly #topics = new Map<string, Topic>();
  readonly #dirty = new Set<Topic>();
  readonly #options: TopicsOptions;
  #epoch: string;
  #subscribed = 0;
  readonly #flusher: Flusher;
  #cachedBytes = 0;
  #cachedEntries = 0;
  #afterFlush: () => void = () => {};

  constructor(options: TopicsOptions) {
    this.#options = options;
    this.#epoch = options.epoch;
    this.#flusher = new Flusher({
      flushMs: options.flushMs ?? (() => "adaptive"),
      flush: () => this.#flush(),
    });
  }

  /** Of the sequence numbers. */
  get epoch(): string {
    return this.#epoch;
  }

  get size(): number {
    return this.#topics.size;
  }

  get subscribedTopics(): number {
    return this.#subscribed;
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

  find(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  /** Runs once after the topics handed out what they had. */
  onFlushed(send: () => void): void {
    this.#afterFlush = send;
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

  /** Drops what is kept of a topic; the number goes on. */
  discardValues(topic: Topic): void {
    if (topic.last === null) return;
    this.#cachedEntries--;
    this.#cachedBytes -= topic.last.frame.length;
    topic.last = null;
  }

  /** From here on numbers are those of `epoch`: with another one than before every topic begins anew. */
  startEpoch(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#cachedEntries = 0;
    this.#cachedBytes = 0;
    const nowMs = Date.now();
    for (const topic of this.#topics.values()) {
      topic.begin();
      this.#tellGap(topic, 1, 0, "epoch_changed", nowMs);
      if (topic.subscribers.size === 0) this.#topics.delete(topic.name);
    }
    this.#afterFlush();
  }

  /** Null when nothing feeds the topic and nothing ever may. */
  subscribe(name: string, subscriber: Subscriber): Topic | null {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      if (!validName.test(name) || !this.#options.covers(name)) return null;
      topic = this.#add(name);
    }
    // What came before belongs to those who were there; the newcomer gets it as the last value.
    topic.flush(Date.now());
    this.#afterFlush();
    if (topic.subscribers.size === 0) this.#subscribed++;
    topic.subscribers.add(subscriber);
    this.#options.counters.subscribed++;
    this.#options.counters.activeSubscriptions++;
    return topic;
  }

  unsubscribe(topic: Topic, subscriber: Subscriber): void {
    if (!topic.subscribers.delete(subscriber)) return;
    this.#options.counters.unsubscribed++;
    this.#options.counters.activeSubscriptions--;
    if (topic.subscribers.size > 0) return;
    this.#subscribed--;
    if (topic.last === null) this.#topics.delete(topic.name);
  }

  stop(): void {
    this.#flusher.stop();
  }

  static isValidName(name: string): boolean {
    return validName.test(name);
  }

  #apply(message: SequencedMessage): void {
    this.startEpoch(message.epoch);
    const topic = this.#topics.get(message.topic) ?? this.#add(message.topic);
    if (message.seq <= topic.seq) return;
    if (message.seq > topic.seq + 1) {
      this.#tellGap(topic, topic.seq + 1, message.seq - 1, "messages_lost", Date.now());
    }
    const before = topic.last?.frame.length ?? 0;
    if (before === 0) this.#cachedEntries++;
    this.#cachedBytes += topic.accept(message).frame.length - before;
    if (message.acceptedAtMs !== null) this.#options.counters.published++;
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

  #add(name: string): Topic {
    const topic = new Topic(name);
    this.#topics.set(name, topic);
    return topic;
  }

  #flush(): void {
    const now = Date.now();
    for (const topic of this.#dirty) topic.flush(now);
    this.#dirty.clear();
    this.#afterFlush();
  }
}
