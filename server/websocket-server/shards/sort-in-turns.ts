import type { Turns } from "../turns";

/** Sorted at one go, and so without a turn of the event loop in between. */
const runLength = 1_024;
/** Merged between two looks at the clock. */
const stride = 512;

/** A stable sort that never holds the event loop for long. Answers a new array. */
export async function sortInTurns<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  turns: Turns,
): Promise<T[]> {
  let from: T[] = [];
  for (let start = 0; start < items.length; start += runLength) {
    for (const item of items.slice(start, start + runLength).sort(compare)) from.push(item);
    if (turns.due) await turns.next();
  }
  for (let width = runLength; width < items.length; width *= 2) {
    const merged: T[] = [];
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let left = start;
      let right = middle;
      while (left < middle || right < end) {
        const stop = merged.length + stride;
        while (merged.length < stop && (left < middle || right < end)) {
          const takeLeft = right >= end || (left < middle && compare(from[left] as T, from[right] as T) <= 0);
          merged.push((takeLeft ? from[left++] : from[right++]) as T);
        }
        if (turns.due) await turns.next();
      }
    }
    from = merged;
  }
  return from;
}
