/** The largest value of a window and when it was, or null where nothing was told. */
export function windowPeak(
  timesMs: readonly number[],
  values: readonly (number | null)[],
): { value: number; atMs: number } | null {
  let best: { value: number; atMs: number } | null = null;
  for (const [i, value] of values.entries()) {
    const atMs = timesMs[i];
    if (value === null || atMs === undefined) continue;
    if (best === null || value > best.value) best = { value, atMs };
  }
  return best;
}
