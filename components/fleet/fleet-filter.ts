import type { ServerState, ServerSummary } from "@/lib/contract/console-api";

export interface FleetFilter {
  /** Part of a name, id, region, label or of the state's word. */
  q: string;
  status: ServerState | "all" | "trouble";
  /** `key=value`; empty for all. */
  label: string;
}

export function matches(server: ServerSummary, filter: FleetFilter, stateWord: string): boolean {
  if (filter.status === "trouble" ? server.state === "healthy" : filter.status !== "all") {
    if (filter.status !== server.state) return false;
  }
  if (filter.label !== "" && !labelsOf(server).includes(filter.label)) return false;
  const q = filter.q.trim().toLowerCase();
  if (q === "") return true;
  const texts = [server.name, server.id, server.region, stateWord, ...labelsOf(server)];
  return texts.some((text) => text.toLowerCase().includes(q));
}

/** Labels as they are shown: the region has its own column. */
export function labelsOf(server: ServerSummary): string[] {
  return Object.entries(server.labels)
    .filter(([key]) => key !== "region")
    .map(([key, value]) => (value === "" ? key : `${key}=${value}`));
}
