/** Which run of a process a reading is from: counters start again with each run. */
export interface Run {
  instanceId: string;
  startedAtMs: number;
}

export function sameRun(before: Run, after: Run): boolean {
  return before.instanceId === after.instanceId && before.startedAtMs === after.startedAtMs;
}

/**
 * Growth of a counter a second. null, not 0, when no time passed or the counter fell, since then it is not
 * the same counter any more.
 */
export function ratePerSecond(before: number, after: number, elapsedMs: number): number | null {
  if (!(elapsedMs > 0) || !(after >= before)) return null;
  return ((after - before) * 1_000) / elapsedMs;
}
