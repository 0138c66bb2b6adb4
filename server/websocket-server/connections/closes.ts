import type { ClosedConnections } from "../../../lib/contract/service-api";

type Close = ClosedConnections["closes"][number];

const kept = 5_000;
const binSeconds = 5;
/** Up to five minutes, where the time limits of proxies lie; the last bin is open. */
const bins = 61;

/** The newest closes, and the lifetimes of all. */
export class Closes {
  readonly #ring: Close[] = [];
  readonly #lifetimes = new Array<number>(bins).fill(0);
  #next = 0;

  add(close: Close): void {
    this.#ring[this.#next] = close;
    this.#next = (this.#next + 1) % kept;
    const bin = Math.min(bins - 1, Math.floor(close.lifetime_seconds / binSeconds));
    this.#lifetimes[bin] = (this.#lifetimes[bin] ?? 0) + 1;
  }

  /** Newest first. */
  newest(limit: number, side?: Close["side"]): Close[] {
    const found: Close[] = [];
    for (let i = 1; i <= this.#ring.length && found.length < limit; i++) {
      const close = this.#ring[(this.#next - i + kept) % kept];
      if (close && (side === undefined || close.side === side)) found.push(close);
    }
    return found;
  }

  lifetimes(): ClosedConnections["lifetimes"] {
    return { bin_seconds: binSeconds, counts: [...this.#lifetimes] };
  }
}
