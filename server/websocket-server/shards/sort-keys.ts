type Key = number | string | null;

/** What is not known stands last, whichever way the rest is sorted. */
export function compareKeys(order: "asc" | "desc" | undefined): (a: Key, b: Key) => number {
  const direction = order === "desc" ? -1 : 1;
  return (a, b) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return a < b ? -direction : a > b ? direction : 0;
  };
}

/** Merges lists that are sorted each into one; equal keys keep the order of the lists. */
export function mergeSorted<T>(lists: readonly (readonly T[])[], compare: (a: T, b: T) => number): T[] {
  const [first = [], ...rest] = lists;
  return rest.reduce<readonly T[]>((merged, list) => mergeTwo(merged, list, compare), first) as T[];
}

function mergeTwo<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): T[] {
  const merged: T[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    merged.push(compare(left[l] as T, right[r] as T) <= 0 ? (left[l++] as T) : (right[r++] as T));
  }
  return merged.concat(left.slice(l), right.slice(r));
}
