/** The newest changes of series, so that a frame can hold what came after an earlier one. */
export interface ChangeLog {
  /** The number of the newest change. */
  newest(): number;
  record(key: string, slotMs: number, atMs: number): number;
  /** Counts a change that is no sample: it has a number and an instant only. */
  mark(atMs: number): number;
  /** Series and slots changed after `sequence`, each once, oldest first; null when that is not known any more. */
  since(sequence: number): { key: string; slotMs: number }[] | null;
  /** The newest change before an instant; null when that is not known any more. */
  before(atMs: number): number | null;
}

interface Change {
  sequence: number;
  atMs: number;
  key: string | null;
  slotMs: number;
}

const keptMs = 60_000;
const keptChanges = 200_000;

export function createChangeLog(): ChangeLog {
  let changes: Change[] = [];
  let sequence = 0;
  let forgotten = 0;

  function add(key: string | null, slotMs: number, atMs: number): number {
    sequence++;
    changes.push({ sequence, atMs, key, slotMs });
    const first = changes[0];
    // Trimmed in one go now and then: shifting one by one would copy the list each time.
    if (changes.length > keptChanges || (first && atMs - first.atMs > 2 * keptMs)) {
      const keep = changes.findIndex((c) => atMs - c.atMs <= keptMs);
      const from = Math.max(keep, changes.length - keptChanges / 2);
      forgotten = changes[from - 1]?.sequence ?? forgotten;
      changes = changes.slice(from);
    }
    return sequence;
  }

  return {
    newest: () => sequence,
    record: add,
    mark: (atMs) => add(null, 0, atMs),
    since(after) {
      if (after < forgotten || after > sequence) return null;
      const seen = new Set<string>();
      const found: { key: string; slotMs: number }[] = [];
      for (let i = changes.length - 1; i >= 0; i--) {
        const change = changes[i];
        if (!change || change.sequence <= after) break;
        if (change.key === null) continue;
        const name = `${change.slotMs} ${change.key}`;
        if (seen.has(name)) continue;
        seen.add(name);
        found.push({ key: change.key, slotMs: change.slotMs });
      }
      return found.reverse();
    },
    before(atMs) {
      for (let i = changes.length - 1; i >= 0; i--) {
        const change = changes[i];
        if (change && change.atMs < atMs) return change.sequence;
      }
      return forgotten === 0 ? 0 : null;
    },
  };
}
