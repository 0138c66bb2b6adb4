const special = /[*?[\\]/;

/** Whether a channel's name is a pattern in the sense of PSUBSCRIBE. */
export function isRedisPattern(text: string): boolean {
  return special.test(text);
}

/**
 * Whether `name` matches a pattern of Redis: `*`, `?`, `[abc]`, `[^a-c]`, and `\` before a character that stands for
 * itself. Takes time in proportion to both lengths at most, since clients choose the names. Source: stringmatchlen
 * in Redis' util.c.
 */
export function matchesRedisPattern(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let starAt = -1;
  let starName = 0;
  while (n < name.length) {
    if (pattern[p] === "*") {
      starAt = p++;
      starName = n;
      continue;
    }
    const end = p < pattern.length ? matchOne(pattern, p, name[n] as string) : -1;
    if (end > 0) {
      p = end;
      n++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      n = ++starName;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Where the pattern goes on after the part at `p` took the character, -1 when it does not. */
function matchOne(pattern: string, p: number, character: string): number {
  const at = pattern[p];
  if (at === "?") return p + 1;
  if (at === "[") return matchSet(pattern, p + 1, character);
  if (at === "\\" && p + 1 < pattern.length) return pattern[p + 1] === character ? p + 2 : -1;
  return at === character ? p + 1 : -1;
}

function matchSet(pattern: string, start: number, character: string): number {
  let p = start;
  const negated = pattern[p] === "^";
  if (negated) p++;
  let found = false;
  while (p < pattern.length && pattern[p] !== "]") {
    if (pattern[p] === "\\" && p + 1 < pattern.length) {
      p++;
      found ||= pattern[p] === character;
    } else if (pattern[p + 1] === "-" && p + 2 < pattern.length) {
      const [low = "", high = ""] = [pattern[p], pattern[p + 2]].sort();
      found ||= character >= low && character <= high;
      p += 2;
    } else {
      found ||= pattern[p] === character;
    }
    p++;
  }
  return found !== negated ? Math.min(p + 1, pattern.length) : -1;
}
