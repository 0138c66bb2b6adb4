/** Fewer closes than this in a bin are chance, whatever its neighbours hold. */
const fewest = 10;

/**
 * The bin of lifetimes that stands out: over five times each neighbour and at least a twentieth of all
 * closes. The last bin is open, so it is neither a finding nor a neighbour. null when none stands out.
 */
export function lifetimePeak(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const closed = counts.slice(0, -1);
  let best: number | null = null;
  for (const [i, count] of closed.entries()) {
    const neighbours = Math.max(closed[i - 1] ?? 0, closed[i + 1] ?? 0);
    if (count < fewest || count <= 5 * neighbours || count < total / 20) continue;
    if (best === null || count > (closed[best] ?? 0)) best = i;
  }
  return best;
}
