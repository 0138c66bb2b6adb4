import type { Redis } from "ioredis";
import type { SourceLeases } from "../cache/cache-state";
import type { SharedKeys } from "./keys";
import { isRefusal } from "./refusal";
import { releaseLeases, run, takeLeases } from "./scripts";

export interface LeasesOptions {
  keys: SharedKeys;
  /** Of this instance, new at each start. */
  token: string;
  /** How long a lease lasts without renewal. */
  ttlMs: number;
  feedLength: number;
}

/**
 * Which data sources this instance may run: each has a lease in Redis that one instance holds and renews. By this
 * instance's own clock a lease ends earlier than by Redis', so that two never run one source.
 */
export class Leases implements SourceLeases {
  readonly #options: LeasesOptions;
  /** Until when each lease is held, on the monotonic clock; 0 for one that is another's. */
  readonly #heldUntil = new Map<string, number>();
  readonly #listeners: ((source: string, owned: boolean) => void)[] = [];
  readonly #told = new Map<string, boolean>();
  #expiry: NodeJS.Timeout | null = null;
  #wake: () => void = () => {};
  /** Asked to try while it was trying: that may have come too late for the attempt under way. */
  #again = false;
  #ended = false;

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  get token(): string {
    return this.#options.token;
  }

  own(source: string): boolean {
    const until = this.#heldUntil.get(source);
    if (until === undefined) {
      this.#heldUntil.set(source, 0);
      this.#told.set(source, false);
      this.tryNow();
    }
    return (until ?? 0) > performance.now();
  }

  onChange(listener: (source: string, owned: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Redis said that a message came without the lease. */
  lost(source: string): void {
    if (this.#heldUntil.has(source)) this.#heldUntil.set(source, 0);
    this.#tell();
  }

  /** Tries at once: leases may be free. */
  tryNow(): void {
    this.#again = true;
    this.#wake();
  }

  /** Takes and renews until the connection fails. */
  async hold(redis: Redis, over: Promise<never>): Promise<never> {
    for (;;) {
      this.#again = false;
      if (this.#ended) await over;
      const nextInMs = await this.#take(redis).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        this.#tell();
        return this.#options.ttlMs / 3;
      });
      if (!this.#again) await Promise.race([this.#pause(nextInMs), over]);
    }
  }

  /** So that the others need not wait for the leases to run out. */
  async release(redis: Redis): Promise<void> {
    const { keys, token, feedLength } = this.#options;
    const held = [...this.#heldUntil].filter(([, until]) => until > 0).map(([source]) => source);
    this.stop();
    if (held.length === 0) return;
    await run(
      redis,
      releaseLeases,
      [keys.feed, ...held.map((source) => keys.lease(source))],
      [token, feedLength],
    );
  }

  stop(): void {
    this.#ended = true;
    for (const source of this.#heldUntil.keys()) this.#heldUntil.set(source, 0);
    if (this.#expiry) clearTimeout(this.#expiry);
    this.#expiry = null;
  }

  /** Answers the milliseconds after which to ask again. */
  async #take(redis: Redis): Promise<number> {
    const { keys, token, ttlMs } = this.#options;
    const sources = [...this.#heldUntil.keys()];
    let nextInMs = ttlMs / 3;
    if (sources.length > 0) {
      const askedAt = performance.now();
      const leases = sources.map((source) => keys.lease(source));
      const answers = (await run(redis, takeLeases, leases, [token, ttlMs])) as number[];
      for (const [index, source] of sources.entries()) {
        const waitMs = answers[index] ?? ttlMs;
        this.#heldUntil.set(source, waitMs === 0 ? askedAt + ttlMs * 0.9 : 0);
        if (waitMs > 0) nextInMs = Math.min(nextInMs, waitMs + 5);
      }
    }
    this.#tell();
    return nextInMs;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Tells what changed, and comes back when the first lease runs out unrenewed. */
  #tell(): void {
    const now = performance.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (const [source, until] of this.#heldUntil) {
      const owned = until > now;
      if (owned) soonest = Math.min(soonest, until);
      if (this.#told.get(source) === owned) continue;
      this.#told.set(source, owned);
      for (const listener of this.#listeners) listener(source, owned);
    }
    if (this.#expiry) clearTimeout(this.#expiry);
    this.#expiry = null;
    if (soonest === Number.POSITIVE_INFINITY) return;
    this.#expiry = setTimeout(() => this.#tell(), soonest - now + 1);
    this.#expiry.unref();
  }
}
