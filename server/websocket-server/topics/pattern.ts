import { type Glob, globOf } from "../../process/glob";
import type { Subscriber } from "./topic";

/** A pattern that someone subscribes to. */
export class Pattern {
  readonly text: string;
  readonly glob: Glob;
  readonly subscribers = new Set<Subscriber>();

  constructor(text: string) {
    this.text = text;
    this.glob = globOf(text);
  }
}

/** All patterns, found by what names begin with, so that a new topic is held against few of them. */
export class Patterns {
  readonly #byText = new Map<string, Pattern>();
  readonly #byHead = new Map<string, Set<Pattern>>();
  /** How many different heads of each length there are. */
  readonly #headLengths = new Map<number, number>();

  get size(): number {
    return this.#byText.size;
  }

  find(text: string): Pattern | undefined {
    return this.#byText.get(text);
  }

  join(text: string, subscriber: Subscriber): Pattern {
    const pattern = this.#byText.get(text) ?? this.#add(text);
    pattern.subscribers.add(subscriber);
    return pattern;
  }

  leave(pattern: Pattern, subscriber: Subscriber): void {
    if (!pattern.subscribers.delete(subscriber) || pattern.subscribers.size > 0) return;
    const { head } = pattern.glob;
    this.#byText.delete(pattern.text);
    const alike = this.#byHead.get(head);
    alike?.delete(pattern);
    if (alike?.size !== 0) return;
    this.#byHead.delete(head);
    const left = (this.#headLengths.get(head.length) ?? 0) - 1;
    if (left > 0) this.#headLengths.set(head.length, left);
    else this.#headLengths.delete(head.length);
  }

  *matching(name: string): Generator<Pattern> {
    for (const length of this.#headLengths.keys()) {
      if (length > name.length) continue;
      for (const pattern of this.#byHead.get(name.slice(0, length)) ?? []) {
        if (pattern.glob.matches(name)) yield pattern;
      }
    }
  }

  #add(text: string): Pattern {
    const pattern = new Pattern(text);
    this.#byText.set(text, pattern);
    const { head } = pattern.glob;
    const alike = this.#byHead.get(head);
    if (alike) {
      alike.add(pattern);
    } else {
      this.#byHead.set(head, new Set([pattern]));
      this.#headLengths.set(head.length, (this.#headLengths.get(head.length) ?? 0) + 1);
    }
    return pattern;
  }
}
