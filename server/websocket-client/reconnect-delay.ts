import { type Backoff, backoffMs } from "../process/jittered-back-off";

/** Closed for what this client does or is: to come back at once would only repeat it. */
const closedOnPurpose = new Set([1008, 1013, 4001]);
const attemptsAfterPurpose = 4;

/** How long to wait before the next connection, with a memory of how the ones before went. */
export class ReconnectDelay {
  readonly #backoff: Backoff;
  readonly #random: () => number;
  /** Attempts since a connection that lasted. */
  #attempt = 0;
  /** What the service asked for. */
  #askedMs = 0;

  constructor(backoff: Backoff, random: () => number) {
    this.#backoff = backoff;
    this.#random = random;
  }

  /** The service says when to come back. */
  asked(retryAfterMs: number): void {
    this.#askedMs = Math.min(Math.max(0, retryAfterMs), 10 * this.#backoff.longestMs);
  }

  /** `livedMs` is null when no connection came about; `elsewhere` when another address is tried next. */
  next(code: number, livedMs: number | null, elsewhere: boolean): number {
    if (livedMs !== null && livedMs > this.#backoff.longestMs) this.#attempt = 0;
    const onPurpose = closedOnPurpose.has(code);
    if (onPurpose) this.#attempt = Math.max(this.#attempt, attemptsAfterPurpose);
    const spread = backoffMs(this.#attempt, this.#backoff, this.#random);
    this.#attempt++;
    const least = elsewhere ? 0 : this.#askedMs;
    this.#askedMs = 0;
    return least + spread + (onPurpose ? this.#backoff.firstMs : 0);
  }
}
