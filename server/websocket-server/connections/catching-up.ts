import type { Since } from "../topics/opening";
import { isPattern, type PatternSince } from "../topics/subscriptions";
import type { Topics } from "../topics/topics";
import type { Connection } from "./connection";

/** Pauses double from the first one: about a second in all. */
const pauses = { firstMs: 4, count: 8 };

/** Numbers that one connection may have waited for at a time: they take memory, and are looked up again and again. */
const mostNumbers = 10_000;

interface Waiting {
  timer: NodeJS.Timeout;
  /** How many numbers it waits for. */
  numbers: number;
  carryOut(): void;
}

/**
 * Who comes from another instance or worker may have seen what is still on its way to this one. A subscription waits
 * for that, so that nobody is told of a gap that is none; what never was is answered when the time is over.
 */
export class CatchingUp {
  readonly #topics: Topics;
  readonly #waiting = new WeakMap<Connection, Map<string, Waiting>>();

  constructor(topics: Topics) {
    this.#topics = topics;
  }

  /** Runs `carryOut` once the topics are as far as `since`: at once, in most cases. */
  when(
    connection: Connection,
    topic: string,
    since: Since | PatternSince | undefined,
    carryOut: () => void,
  ): void {
    this.settle(connection, topic);
    if (since === undefined || !this.#isBehind(topic, since)) {
      carryOut();
      return;
    }
    const waiting = this.#waiting.get(connection) ?? new Map<string, Waiting>();
    const numbers = "seqs" in since ? since.seqs.size : 1;
    let sum = numbers;
    for (const each of waiting.values()) sum += each.numbers;
    if (sum > mostNumbers) {
      carryOut();
      return;
    }
    this.#waiting.set(connection, waiting);
    const look = (pause: number) =>
      setTimeout(
        () => {
          const again = pause + 1 < pauses.count && connection.open && this.#isBehind(topic, since);
          if (again) waiting.set(topic, { timer: look(pause + 1), numbers, carryOut });
          else this.settle(connection, topic);
        },
        pauses.firstMs * 2 ** pause,
      );
    waiting.set(topic, { timer: look(0), numbers, carryOut });
  }

  /** Waits no longer: requests about a topic are carried out in their order. */
  settle(connection: Connection, topic: string): void {
    const waiting = this.#waiting.get(connection);
    const found = waiting?.get(topic);
    if (found === undefined) return;
    clearTimeout(found.timer);
    waiting?.delete(topic);
    if (connection.open) found.carryOut();
  }

  #isBehind(topic: string, since: Since | PatternSince): boolean {
    if (since.epoch !== this.#topics.epoch || isPattern(topic) === "seq" in since) return false;
    if ("seq" in since) return this.#topics.numberOf(topic) < since.seq;
    for (const [name, seq] of since.seqs) if (this.#topics.numberOf(name) < seq) return true;
    return false;
  }
}
