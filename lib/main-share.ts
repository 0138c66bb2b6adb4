/**
 * How few of the counts make up most of the total: the smallest number of them, at most three, that holds
 * four fifths. null where no such few do, or where there is too little to say it of.
 */
export function mainShare(counts: readonly number[], total: number): { share: number; count: number } | null {
  if (total < 2) return null;
  let held = 0;
  for (const [i, count] of [...counts]
    .sort((a, b) => b - a)
    .slice(0, 3)
    .entries()) {
    held += count;
    if (held / total >= 0.8) return { share: Math.min(1, held / total), count: i + 1 };
  }
  return null;
}
