import { useSyncExternalStore } from "react";

interface Crosshair {
  timeMs: number | null;
  /** Stays where it is until Esc or another click. */
  pinned: boolean;
}

const none: Crosshair = { timeMs: null, pinned: false };
let current = none;
const listeners = new Set<() => void>();

function set(next: Crosshair): void {
  if (next.timeMs === current.timeMs && next.pinned === current.pinned) return;
  current = next;
  for (const listener of listeners) listener();
}

/** One time for all charts of the page. */
export const crosshair = {
  get: () => current,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  hover(timeMs: number | null): void {
    if (!current.pinned) set(timeMs === null ? none : { timeMs, pinned: false });
  },
  /** By keyboard: moves a pinned one too. */
  move(timeMs: number): void {
    set({ timeMs, pinned: true });
  },
  pin(timeMs: number): void {
    set(current.pinned ? none : { timeMs, pinned: true });
  },
  clear(): void {
    set(none);
  },
};

export function useCrosshair(): Crosshair {
  return useSyncExternalStore(crosshair.subscribe, crosshair.get, () => none);
}

/** Index of the sample nearest to a time; null when there is none within a step and a half. */
export function nearestIndex(timesMs: readonly number[], timeMs: number): number | null {
  const first = timesMs[0];
  const last = timesMs.at(-1);
  if (first === undefined || last === undefined) return null;
  const step = timesMs.length > 1 ? (last - first) / (timesMs.length - 1) : 1_000;
  const index = Math.round((timeMs - first) / step);
  if (index < -1 || index > timesMs.length) return null;
  return Math.min(timesMs.length - 1, Math.max(0, index));
}
