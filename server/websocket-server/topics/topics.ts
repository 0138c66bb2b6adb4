import { randomBytes } from "node:crypto";
import type { Counters } from "../counters";
import { type Subscriber, Topic } from "./topic";

const validName = /^[A-Za-z0-9._:/-]{1,256}$/;

export interface TopicsOptions {
  counters: Counters;
  /** Whether a source or a publisher may feed a topic of this name. */
  covers(name: string): boolean;
}

/** All topics. What is accepted within one turn of the event loop leaves together at its end. */
export class Topics {
  /** Of the sequence numbers; they begin again with the process. */
  readonly epoch = randomBytes(6).toString("hex");
  readonly #topics = new Map<string, Topic>();
  readonly #dirty = new Set<Topic>();
  readonly #options: TopicsOptions;
  #subscribed = 0;
  #flushing: NodeJS.Immediate | null = null;
  #cachedBytes = 0;
  #cachedEntries = 0;
  #afterFlush: () => void = () => {};

  constructor(options: TopicsOptions) {
    this.#options = options;
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

  publish(name: string, data: unknown): Topic {
    const topic = this.#topics.get(name) ?? this.#add(name);
    const before = topic.last?.frame.length ?? 0;
    if (before === 0) this.#cachedEntries++;
    topic.accept(JSON.stringify(data ?? null), Date.now());
    this.#cachedBytes += (topic.last?.frame.length ?? 0) - before;
    this.#options.counters.published++;
    this.#dirty.add(topic);
    this.#flushing ??= setImmediate(this.#flush);
    return topic;
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
    if (this.#flushing) clearImmediate(this.#flushing);
    this.#flushing = null;
  }

  static isValidName(name: string): boolean {
    return validName.test(name);
  }

  #add(name: string): Topic {
    const topic = new Topic(name);
    this.#topics.set(name, topic);
    return topic;
  }

  readonly #flush = (): void => {
    this.#flushing = null;
    const now = Date.now();
    for (const topic of this.#dirty) topic.flush(now);
    this.#dirty.clear();
    this.#afterFlush();
  };
}
