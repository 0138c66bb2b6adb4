/**
 * How long to wait before a restart: doubles from `firstMs` to `maxMs` with each death, and starts over when
 * the process had been up for `healthyMs`. The first wait is no shorter than the console's poll interval, so that
 * a death is seen there.
 */
export function createBackOff({ firstMs = 1_000, maxMs = 30_000, healthyMs = 60_000 } = {}) {
  let nextMs = firstMs;
  return (upMs) => {
    if (upMs >= healthyMs) nextMs = firstMs;
    const delayMs = nextMs;
    nextMs = Math.min(nextMs * 2, maxMs);
    return delayMs;
  };
}
