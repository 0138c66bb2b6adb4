import { type KeyName, keyNames, keyOf, type Settings } from "./schema";

/** What may leave the process: a secret only tells whether it is set. */
export function shown(name: KeyName, value: unknown): unknown {
  if (!keyOf(name).secret) return value;
  return value === null ? null : "set";
}

export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export interface Change {
  key: KeyName;
  before: unknown;
  after: unknown;
}

/** Keys that differ, secrets masked. */
export function changesBetween(before: Settings, after: Settings): Change[] {
  return keyNames
    .filter((key) => !sameValue(before[key], after[key]))
    .map((key) => ({ key, before: shown(key, before[key]), after: shown(key, after[key]) }));
}
