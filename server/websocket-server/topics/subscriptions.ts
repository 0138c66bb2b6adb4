import type { Counters } from "../counters";
import { type Gap, gapNotice, type UnsubscribedReason, unsubscribedNotice } from "./notices";
import { type Opening, openingOf, type Since } from "./opening";
import { type Pattern, Patterns } from "./pattern";
import type { Subscriber, Topic } from "./topic";
import { Topics } from "./topics";

export interface SubscriptionsOptions {
  topics: Topics;
  counters: Counters;
  limits(): { topics: number; patterns: number; patternsInAll: number };
}

/** `seq` of every topic that a client saw through a pattern. */
export interface PatternSince {
  epoch: string;
  seqs: ReadonlyMap<string, number>;
}

export type Refused =
  | "INVALID_TOPIC"
  | "UNKNOWN_TOPIC"
  | "TOO_MANY_SUBSCRIPTIONS"
  | "PATTERNS_NOT_ALLOWED"
  | "TOO_MANY_PATTERNS";

/** What to answer to a subscription and, after the answer, to send with `begin`. */
export interface Begun {
  /** Whether it was held before, by the same name or pattern or by one that covers it: nothing is sent again. */
  held: boolean;
  topics: readonly Topic[];
  openings: readonly Opening[];
}

const validPattern = /^[A-Za-z0-9._:/*-]{1,256}$/;

export function isPattern(name: string): boolean {
  return name.includes("*");
}

/** Who gets which topics, by name and by pattern, and what each gets when it comes. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #patterns = new Patterns();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    options.topics.onChange(
      (topic) => this.#expand(topic),
      (topic) => this.#forget(topic),
    );
  }

  subscribe(subscriber: Subscriber, name: string, since: Since | null): Begun | Refused {
    const { topics } = this.#options;
    if (!Topics.isValidName(name)) return "INVALID_TOPIC";
    const held = subscriber.subscriptions.get(name);
    if (held) {
      if (!held.exact) held.topic.patternSubscribers--;
      held.exact = true;
      return { held: true, topics: [held.topic], openings: [] };
    }
    const topic = topics.open(name);
    if (topic === null) return "UNKNOWN_TOPIC";
    if (subscriber.subscriptions.size >= this.#options.limits().topics) {
      topics.release(topic);
      return "TOO_MANY_SUBSCRIPTIONS";
    }
    // What came before belongs to those who were there; the newcomer gets it with its opening.
    topic.flush(Date.now());
    this.#join(topic, subscriber, true);
    const { epoch } = topics;
    const opening = openingOf(topic, { epoch, since, room: subscriber.room(), valueAlways: true });
    return { held: false, topics: [topic], openings: [opening] };
  }

  /**
   * All topics that have a value and match, and those that come later. With more than the subscriber may hold
   * nothing is subscribed. Asked for again it adds what did not fit before.
   */
  subscribePattern(subscriber: Subscriber, text: string, since: PatternSince | null): Begun | Refused {
    const limits = this.#options.limits();
    if (limits.patterns === 0) return "PATTERNS_NOT_ALLOWED";
    if (!validPattern.test(text)) return "INVALID_TOPIC";
    const known = subscriber.patterns?.get(text);
    if (known === undefined) {
      const another = this.#patterns.find(text) === undefined;
      if ((subscriber.patterns?.size ?? 0) >= limits.patterns) return "TOO_MANY_PATTERNS";
      if (another && this.#patterns.size >= limits.patternsInAll) return "TOO_MANY_PATTERNS";
    }
    const pattern = this.#patterns.join(text, subscriber);
    const matching = this.#matching(pattern, subscriber, limits.topics);
    if (matching === null) {
      if (known === undefined) this.#patterns.leave(pattern, subscriber);
      return "TOO_MANY_SUBSCRIPTIONS";
    }
    subscriber.patterns ??= new Map();
    subscriber.patterns.set(text, pattern);
    const openings = this.#joinAll(matching, subscriber, since, known !== undefined);
    return { held: known !== undefined, topics: matching, openings };
  }

  /** Sends what a new subscription begins with. */
  begin(subscriber: Subscriber, { topics, openings }: Begun): void {
    const { counters } = this.#options;
    for (const opening of openings) {
      if (opening.gap) this.#tell(subscriber, opening.gap);
      if (opening.replayed !== null) counters.recovered++;
      for (const batch of opening.batches) subscriber.deliver(batch);
    }
    if (openings.length === 0) return;
    const withValue = topics.filter((topic) => topic.last !== null).length;
    counters.cacheHits += withValue;
    counters.cacheMisses += topics.length - withValue;
  }

  /** Whether a pattern still brings the topic. */
  unsubscribe(subscriber: Subscriber, name: string): boolean {
    const held = subscriber.subscriptions.get(name);
    if (held === undefined) return false;
    if (held.patterns === 0) {
      this.#part(held.topic, subscriber);
      return false;
    }
    if (held.exact) held.topic.patternSubscribers++;
    held.exact = false;
    return true;
  }

  unsubscribePattern(subscriber: Subscriber, text: string): void {
    const pattern = subscriber.patterns?.get(text);
    if (pattern === undefined) return;
    subscriber.patterns?.delete(text);
    if (subscriber.patterns?.size === 0) subscriber.patterns = null;
    this.#patterns.leave(pattern, subscriber);
    for (const held of subscriber.subscriptions.values()) {
      if (held.patterns === 0 || !pattern.glob.matches(held.topic.name)) continue;
      held.patterns--;
      if (held.patterns === 0 && !held.exact) this.#part(held.topic, subscriber);
    }
  }

  /** Ends one subscription from this side, however it is held, and says so. */
  end(subscriber: Subscriber, name: string, reason: UnsubscribedReason): boolean {
    const held = subscriber.subscriptions.get(name);
    if (held === undefined) return false;
    this.#part(held.topic, subscriber);
    subscriber.send(unsubscribedNotice(name, reason));
    subscriber.note("unsubscribed", `${name}: ${reason}`);
    return true;
  }

  /** Ends all that it holds, without a word. */
  leave(subscriber: Subscriber): void {
    for (const { topic } of subscriber.subscriptions.values()) this.#part(topic, subscriber);
    for (const pattern of subscriber.patterns?.values() ?? []) this.#patterns.leave(pattern, subscriber);
    subscriber.patterns = null;
  }

  /** Null when there are more than fit. */
  #matching(pattern: Pattern, subscriber: Subscriber, most: number): Topic[] | null {
    const found: Topic[] = [];
    let room = most - subscriber.subscriptions.size;
    for (const topic of this.#options.topics.values()) {
      if (!pattern.glob.matches(topic.name)) continue;
      if (!subscriber.subscriptions.has(topic.name)) {
        if (topic.seq === 0) continue;
        if (--room < 0) return null;
      }
      found.push(topic);
    }
    return found;
  }

  #joinAll(
    matching: readonly Topic[],
    subscriber: Subscriber,
    since: PatternSince | null,
    again: boolean,
  ): Opening[] {
    const { topics } = this.#options;
    const { epoch } = topics;
    let room = subscriber.room();
    const openings: Opening[] = [];
    for (const topic of matching) {
      const held = subscriber.subscriptions.get(topic.name);
      if (held) {
        if (!again) held.patterns++;
        continue;
      }
      topic.flush(Date.now());
      this.#join(topic, subscriber, false);
      const seq = since?.seqs.get(topic.name);
      const point = since === null || seq === undefined ? null : { epoch: since.epoch, seq };
      const opening = openingOf(topic, { epoch, since: point, room, valueAlways: false });
      room -= opening.bytes;
      openings.push(opening);
    }
    return openings;
  }

  /** A topic got its first value: those whose patterns cover it hold it from here on. */
  #expand(topic: Topic): void {
    const { topics: most } = this.#options.limits();
    for (const pattern of this.#patterns.matching(topic.name)) {
      for (const subscriber of pattern.subscribers) {
        if (subscriber.subscriptions.has(topic.name)) continue;
        if (subscriber.subscriptions.size < most) {
          this.#join(topic, subscriber, false);
        } else {
          subscriber.send(unsubscribedNotice(topic.name, "too_many_subscriptions"));
          subscriber.note("refused", `${topic.name}: TOO_MANY_SUBSCRIPTIONS`);
        }
      }
    }
  }

  #forget(topic: Topic): void {
    for (const subscriber of topic.subscribers) this.#part(topic, subscriber);
  }

  #join(topic: Topic, subscriber: Subscriber, exact: boolean): void {
    const { counters } = this.#options;
    topic.subscribers.add(subscriber);
    if (!exact) topic.patternSubscribers++;
    const patterns = countMatching(subscriber, topic.name);
    subscriber.subscriptions.set(topic.name, { topic, exact, patterns });
    counters.subscribed++;
    counters.activeSubscriptions++;
  }

  #part(topic: Topic, subscriber: Subscriber): void {
    const { counters } = this.#options;
    const held = subscriber.subscriptions.get(topic.name);
    if (held === undefined) return;
    subscriber.subscriptions.delete(topic.name);
    topic.subscribers.delete(subscriber);
    if (!held.exact) topic.patternSubscribers--;
    counters.unsubscribed++;
    counters.activeSubscriptions--;
    this.#options.topics.release(topic);
  }

  #tell(subscriber: Subscriber, gap: Gap): void {
    this.#options.counters.gaps++;
    subscriber.send(gapNotice(gap));
    subscriber.note("gap", `${gap.topic}: ${gap.reason}`);
  }
}

function countMatching(subscriber: Subscriber, name: string): number {
  let count = 0;
  for (const pattern of subscriber.patterns?.values() ?? []) if (pattern.glob.matches(name)) count++;
  return count;
}
