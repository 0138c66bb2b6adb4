/** The names of everything that instances share in Redis; the braces keep them in one slot of a cluster. */
export interface SharedKeys {
  /** Hash: each topic's newest number, and the epoch. */
  readonly numbers: string;
  /** Hash: each topic's newest value as `<seq> <ts> <data>`. */
  readonly values: string;
  /** Stream: every message and what else all instances have to know, in order. */
  readonly feed: string;
  lease(source: string): string;
}

export function sharedKeys(prefix: string): SharedKeys {
  const of = (name: string) => `{${prefix}}:${name}`;
  return {
    numbers: of("numbers"),
    values: of("values"),
    feed: of("feed"),
    lease: (source) => of(`lease:${source}`),
  };
}
