const bucketsADoubling = 64;
const leastMs = 0.01;
const buckets = 2_048;

/** Delays in buckets 1.1 % wide: exact enough to compare, and no array of millions to sort. */
export class Histogram {
  readonly #counts = new Float64Array(buckets);
  #total = 0;
  #largest = 0;

  add(ms: number): void {
    const bucket = ms <= leastMs ? 0 : Math.ceil(Math.log2(ms / leastMs) * bucketsADoubling);
    const at = Math.min(buckets - 1, bucket);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#total++;
    if (ms > this.#largest) this.#largest = ms;
  }

  /** The upper bound of the bucket that holds this share's value; null without values. */
  quantile(share: number): number | null {
    if (this.#total === 0) return null;
    let left = Math.ceil(share * this.#total);
    for (let at = 0; at < buckets; at++) {
      left -= this.#counts[at] ?? 0;
      if (left <= 0) return Math.min(this.#largest, leastMs * 2 ** (at / bucketsADoubling));
    }
    return this.#largest;
  }
}
