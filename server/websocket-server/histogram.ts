import type { Histogram as HistogramReading } from "../../lib/contract/service-api";

/** Upper bounds in milliseconds, three a decade and closer where people argue: 0.1 ms to 60 s. */
export const latencyBoundsMs = [
  0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3.5, 5, 7.5, 10, 15, 20, 35, 50, 75, 100, 150, 200, 350, 500, 750,
  1_000, 1_500, 2_000, 3_500, 5_000, 10_000, 20_000, 30_000, 60_000,
] as const;

/** Counts of latencies by bucket; they only grow. */
export class Histogram {
  readonly counts = new Array<number>(latencyBoundsMs.length + 1).fill(0);
  sumMs = 0;

  observe(ms: number, times = 1): void {
    const bucket = this.bucketOf(ms);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times;
    this.sumMs += ms * times;
  }

  /** Where a latency is counted. */
  bucketOf(ms: number): number {
    let low = 0;
    let high: number = latencyBoundsMs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ms <= (latencyBoundsMs[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The largest latency of a bucket in milliseconds. */
  boundOf(bucket: number): number {
    return latencyBoundsMs[bucket] ?? Number.POSITIVE_INFINITY;
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  read(): HistogramReading {
    return { bounds_ms: [...latencyBoundsMs], counts: [...this.counts], sum_ms: this.sumMs };
  }
}
