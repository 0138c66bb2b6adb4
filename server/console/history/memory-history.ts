import type { SeriesWindow } from "../../../lib/contract/console-api";
import { type MetricName, metricNames, metrics } from "../../../lib/contract/metrics";
import { CodedError } from "../../../lib/errors";

export interface MemoryHistory {
  /** Keeps the values, in the order of `metricNames`, of one slot; a later write replaces them. */
  write(key: string, slotMs: number, values: (number | null)[]): void;
  /** The values of one slot in the order of `metricNames`; null when none are kept. */
  read(key: string, slotMs: number): (number | null)[] | null;
  /** The newest slot written under a key. */
  newestSlotMs(key: string): number | null;
  /**
   * Columns over every slot from `fromMs` to `toMs` that is kept; slots without a sample are null. Throws
   * WINDOW_NOT_KEPT when the window ends before what is kept begins.
   */
  window(keys: string[], names: MetricName[], fromMs: number, toMs: number): SeriesWindow;
  keptFromMs(): number | null;
}

const keptMs = 15 * 60_000;
/** A window that was asked for as "the last 15 minutes" is still whole when its answer is made. */
const marginMs = 30_000;

interface Ring {
  /** Number of the slot that each place holds. */
  slots: Float64Array;
  columns: (Float32Array | Float64Array)[];
  newest: number;
}

/** The newest quarter of an hour of every series, as one ring a series and one typed array a metric. */
export function createMemoryHistory(stepMs: number): MemoryHistory {
  const size = Math.ceil((keptMs + marginMs) / stepMs);
  const rings = new Map<string, Ring>();
  let newest: number | null = null;
  let first = 0;

  function ringOf(key: string): Ring {
    let ring = rings.get(key);
    if (!ring) {
      ring = {
        slots: new Float64Array(size).fill(-1),
        // Byte counts pass what a 32-bit float holds exactly; other figures don't.
        columns: metricNames.map((name) =>
          metrics[name].unit.startsWith("bytes") ? new Float64Array(size) : new Float32Array(size),
        ),
        newest: -1,
      };
      rings.set(key, ring);
    }
    return ring;
  }

  const oldest = (newestSlot: number) => Math.max(first, newestSlot - size + 1);
  const slotOf = (ms: number) => Math.floor(ms / stepMs);

  function at(column: Float32Array | Float64Array | undefined, place: number): number | null {
    const value = column?.[place];
    return value === undefined || Number.isNaN(value) ? null : Math.round(value * 1_000) / 1_000;
  }

  return {
    write(key, slotMs, values) {
      const slot = slotOf(slotMs);
      // The clock was set back: what it calls the future would shadow the present.
      const setBack = newest !== null && slot < newest - size;
      if (setBack) rings.clear();
      if (newest === null || setBack) first = slot;
      newest = newest === null || setBack ? slot : Math.max(newest, slot);
      const ring = ringOf(key);
      const place = slot % size;
      if ((ring.slots[place] ?? -1) > slot) return;
      ring.slots[place] = slot;
      ring.newest = Math.max(ring.newest, slot);
      for (let i = 0; i < ring.columns.length; i++) {
        const column = ring.columns[i];
        if (column) column[place] = values[i] ?? Number.NaN;
      }
    },

    read(key, slotMs) {
      const ring = rings.get(key);
      const slot = slotOf(slotMs);
      const place = slot % size;
      if (!ring || ring.slots[place] !== slot) return null;
      return ring.columns.map((column) => at(column, place));
    },

    newestSlotMs(key) {
      const ring = rings.get(key);
      return ring ? ring.newest * stepMs : null;
    },

    keptFromMs: () => (newest === null ? null : oldest(newest) * stepMs),

    window(keys, names, fromMs, toMs) {
      const series: SeriesWindow["series"] = {};
      const timesMs: number[] = [];
      const from = newest === null ? 0 : Math.max(slotOf(fromMs), oldest(newest));
      const to = newest === null ? -1 : Math.min(slotOf(toMs), newest);
      if (newest !== null && slotOf(toMs) < oldest(newest)) {
        throw new CodedError("WINDOW_NOT_KEPT", "the window ends before what is kept begins", {
          keptFromMs: oldest(newest) * stepMs,
        });
      }
      for (let slot = from; slot <= to; slot++) timesMs.push(slot * stepMs);
      for (const key of keys) {
        const ring = rings.get(key);
        const columns: SeriesWindow["series"][string] = {};
        for (const name of names) {
          const column = ring?.columns[metricNames.indexOf(name)];
          const values: (number | null)[] = [];
          for (let slot = from; slot <= to; slot++) {
            const place = slot % size;
            values.push(ring?.slots[place] === slot ? at(column, place) : null);
          }
          columns[name] = values;
        }
        series[key] = columns;
      }
      return { stepMs, timesMs, series };
    },
  };
}
