"use client";

import { useRef } from "react";

/**
 * The same object for as long as it says the same. Pages build series, limits and bars anew at each flush;
 * this keeps a chart from being drawn again when nothing in it changed.
 */
export function useStable<T>(value: T, same: (before: T, now: T) => boolean): T {
  const kept = useRef(value);
  if (kept.current !== value && !same(kept.current, value)) kept.current = value;
  return kept.current;
}

/** Equal lists of flat objects; arrays inside them are compared by identity. */
export function sameItems<T extends object>(before: readonly T[], now: readonly T[]): boolean {
  return before.length === now.length && before.every((item, i) => sameFields(item, now[i]));
}

function sameFields<T extends object>(before: T, now: T | undefined): boolean {
  if (now === undefined) return false;
  const names = Object.keys(before) as (keyof T)[];
  return (
    names.length === Object.keys(now).length && names.every((name) => Object.is(before[name], now[name]))
  );
}
