/** Between flushes at most, and so the longest that a message waits for others. */
const longestWaitMs = 20;
/** Flushes may take this share of the time before messages wait to share one. */
const flushShare = 1 / 3;
/** Without any message for this many usual gaps, none is expected. */
const stallGaps = 3;
const shortestStallMs = 1.5;
/** Waits that stalled one after the other until waiting is given up, and for how long. */
const stallsToGiveUp = 3;
const givenUpMs = 250;

export interface FlusherClock {
  now(): number;
  /** Calls back once, after `ms` or at the end of this turn of the event loop; answers how to undo that. */
  after(ms: number, call: () => void): () => void;
  atTurnEnd(call: () => void): () => void;
}

export interface FlusherOptions {
  /** Milliseconds between flushes, 0 for one each turn, or as the load has it. */
  flushMs(): number | "adaptive";
  flush(): void;
  clock?: FlusherClock;
}

/**
 * Decides when what was accepted goes out. A system call costs the same for one message as for ten, so under load
 * messages wait for each other: adaptively no longer than keeps flushes at a third of the time, never over 20 ms,
 * and not at all while a flush is cheap or messages are rare. Waiting is only worth while when more messages come:
 * publishers that send on when their last ones have arrived stop sending while we wait, which shows as stalls, and
 * then each turn's messages leave at its end.
 */
export class Flusher {
  readonly #options: FlusherOptions;
  readonly #clock: FlusherClock;
  #cancel: (() => void) | null = null;
  #waitsUntil = 0;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #flushCostMs = 0;
  #messageAt = Number.NEGATIVE_INFINITY;
  #gapMs = longestWaitMs;
  #stalls = 0;
  #givenUpUntil = Number.NEGATIVE_INFINITY;

  constructor(options: FlusherOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** A message waits. */
  note(): void {
    const now = this.#clock.now();
    const gap = Math.min(now - this.#messageAt, 5 * longestWaitMs);
    this.#gapMs += (gap - this.#gapMs) / 8;
    this.#messageAt = now;
    if (this.#cancel !== null) return;
    const waitMs = this.#wait(now);
    if (waitMs < 0.5) {
      this.#cancel = this.#clock.atTurnEnd(this.#flush);
      return;
    }
    this.#waitsUntil = now + waitMs;
    this.#look(now);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Milliseconds that a message which comes now should wait. */
  #wait(now: number): number {
    const wanted = this.#options.flushMs();
    if (wanted !== "adaptive") return this.#flushedAt + wanted - now;
    if (now < this.#givenUpUntil) return 0;
    const interval = Math.min(longestWaitMs, this.#flushCostMs / flushShare);
    return this.#gapMs > interval / 2 ? 0 : this.#flushedAt + interval - now;
  }

  /** Looks again when the wait is over, or when the next message should long have come. */
  #look(now: number): void {
    const adaptive = this.#options.flushMs() === "adaptive";
    const stalledAt = adaptive ? this.#messageAt + this.#stallMs() : Number.POSITIVE_INFINITY;
    const ms = Math.max(1, Math.min(this.#waitsUntil, stalledAt) - now);
    this.#cancel = this.#clock.after(ms, this.#onLook);
  }

  readonly #onLook = (): void => {
    const now = this.#clock.now();
    if (now < this.#waitsUntil - 0.5) {
      if (now - this.#messageAt < this.#stallMs() || this.#options.flushMs() !== "adaptive") {
        this.#look(now);
        return;
      }
      this.#stalls++;
      if (this.#stalls >= stallsToGiveUp) {
        this.#givenUpUntil = now + givenUpMs;
        // The first wait after that is a trial.
        this.#stalls = stallsToGiveUp - 1;
      }
    } else {
      this.#stalls = 0;
    }
    this.#flush();
  };

  readonly #flush = (): void => {
    this.#cancel = null;
    const startedAt = this.#clock.now();
    this.#options.flush();
    this.#flushedAt = startedAt;
    this.#flushCostMs += (this.#clock.now() - startedAt - this.#flushCostMs) / 4;
  };

  #stallMs(): number {
    return Math.max(shortestStallMs, stallGaps * this.#gapMs);
  }
}

const systemClock: FlusherClock = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  atTurnEnd(call) {
    const immediate = setImmediate(call);
    return () => clearImmediate(immediate);
  },
};
