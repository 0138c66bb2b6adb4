/**
 * The spelling that differs from `name` in the fewest letters: at most three, and at most a third of it.
 * Letter case, dots, dashes and underscores make no difference.
 */
export function nearest(name: string, spellings: Iterable<string>): string | null {
  if (name.length > 100) return null;
  const wanted = plain(name);
  let best: string | null = null;
  let bestDistance = Math.min(3, Math.floor(wanted.length / 3)) + 1;
  for (const spelling of spellings) {
    const candidate = plain(spelling);
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate);
    if (distance < bestDistance) {
      best = spelling;
      bestDistance = distance;
    }
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, "");
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
