import type { CleanupResult } from "@/lib/contract/service-api";

/**
 * How few addresses most of the matched connections come from: the smallest number, at most three, that
 * holds at least four fifths of them. null where no such few do, or where there is only one to match.
 */
export function mainAddresses(result: CleanupResult): { share: number; addresses: number } | null {
  const { total } = result.candidates;
  if (total < 2) return null;
  let held = 0;
  for (const [i, { connections }] of result.by_ip.slice(0, 3).entries()) {
    held += connections;
    if (held / total >= 0.8) return { share: Math.min(1, held / total), addresses: i + 1 };
  }
  return null;
}
