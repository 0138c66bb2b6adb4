const keptMs = 10_000;

/** Reads at most every ten seconds what rarely changes and takes several files to tell. */
export function cached<T>(read: () => T): () => T {
  let value: { of: T; atMs: number } | null = null;
  return () => {
    const now = performance.now();
    if (value === null || now - value.atMs > keptMs) value = { of: read(), atMs: now };
    return value.of;
  };
}
