import type { MetricName } from "../contract/metrics";

/**
 * The newest samples of one series, a column a metric, on a grid of time slots. A slot that nobody wrote
 * reads as null, so gaps stay gaps.
 */
export class SampleRing {
  readonly stepMs: number;
  readonly capacity: number;
  /** Grows when history is filled in. */
  fills = 0;
  newestSlotMs = 0;
  private readonly slots: Float64Array;
  private readonly columns = new Map<MetricName, Float64Array>();

  constructor(stepMs: number, capacity: number) {
    this.stepMs = Math.max(1, stepMs);
    this.capacity = Math.max(1, capacity);
    this.slots = new Float64Array(this.capacity);
  }

  /** A row replaces what its slot held; rows older than the ring are left out. */
  write(slotMs: number, names: readonly MetricName[], values: readonly (number | null | undefined)[]): void {
    const at = this.claim(slotMs);
    if (at < 0) return;
    for (const [i, name] of names.entries()) this.column(name)[at] = values[i] ?? Number.NaN;
  }

  /** Fills only what is empty: history never replaces a live row. */
  fill(name: MetricName, timesMs: readonly number[], values: readonly (number | null | undefined)[]): void {
    const column = this.column(name);
    for (const [i, timeMs] of timesMs.entries()) {
      const value = values[i];
      if (value == null) continue;
      const at = this.claim(timeMs);
      if (at >= 0 && Number.isNaN(column[at])) column[at] = value;
    }
    this.fills++;
  }

  /** One value a slot from `fromMs` to `toMs`, both included. */
  read(name: MetricName, fromMs: number, toMs: number): (number | null)[] {
    const column = this.columns.get(name);
    const values: (number | null)[] = [];
    for (let slot = this.slotOf(fromMs); slot <= toMs; slot += this.stepMs) {
      const at = this.indexOf(slot);
      const value = column && this.slots[at] === slot ? column[at] : undefined;
      values.push(value === undefined || Number.isNaN(value) ? null : value);
    }
    return values;
  }

  slotOf(timeMs: number): number {
    return Math.floor(timeMs / this.stepMs) * this.stepMs;
  }

  private indexOf(slotMs: number): number {
    return (slotMs / this.stepMs) % this.capacity;
  }

  private claim(timeMs: number): number {
    const slotMs = this.slotOf(timeMs);
    const at = this.indexOf(slotMs);
    const held = this.slots[at] ?? 0;
    if (held > slotMs) return -1;
    if (held < slotMs) {
      this.slots[at] = slotMs;
      for (const column of this.columns.values()) column[at] = Number.NaN;
    }
    this.newestSlotMs = Math.max(this.newestSlotMs, slotMs);
    return at;
  }

  private column(name: MetricName): Float64Array {
    let column = this.columns.get(name);
    if (!column) {
      column = new Float64Array(this.capacity).fill(Number.NaN);
      this.columns.set(name, column);
    }
    return column;
  }
}
