export interface Backoff {
  firstMs: number;
  longestMs: number;
}

/**
 * How long to wait before attempt `attempt` (from 0): anywhere up to a limit that doubles, so that clients
 * which lost the same server don't all come back in the same instant. Source: Marc Brooker, "Exponential
 * Backoff And Jitter" (full jitter).
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: Backoff, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30));
}
