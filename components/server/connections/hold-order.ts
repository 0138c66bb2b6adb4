import type { Connection } from "@/lib/contract/service-api";

/**
 * Rows in the order in which they are on screen, with their newest values. Who is no longer on the page
 * keeps the last values known. `changed` tells that the server's order is another one by now.
 */
export function holdOrder(
  shown: readonly Connection[],
  fresh: readonly Connection[],
): { rows: Connection[]; changed: boolean } {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const rows = shown.map((row) => byId.get(row.id) ?? row);
  const changed = shown.length !== fresh.length || fresh.some((row, i) => row.id !== shown[i]?.id);
  return { rows, changed };
}
