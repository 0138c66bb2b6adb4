import type { ServerSummary } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";
import { worstFirst } from "@/lib/health";

export const sorts = [
  "worst",
  "name",
  "connections",
  "p99",
  "memory",
  "cpu",
  "queue",
  "subscriptions",
  "uptime",
] as const;
export type FleetSort = (typeof sorts)[number];

/** The metric that a sort looks at, largest first; uptime is shortest first, since a restart is the news. */
const sortMetric: Partial<Record<FleetSort, MetricName>> = {
  connections: "active_connections",
  p99: "push_latency_p99_ms",
  memory: "rss_bytes",
  cpu: "cpu_cores",
  queue: "queue_messages",
  subscriptions: "active_subscriptions",
  uptime: "uptime_seconds",
};

export interface FleetGroup {
  /** null when nothing is grouped. */
  region: string | null;
  servers: ServerSummary[];
}

const names = new Intl.Collator("en", { numeric: true });

function compareServers(sort: FleetSort): (a: ServerSummary, b: ServerSummary) => number {
  if (sort === "worst") return worstFirst;
  const metric = sortMetric[sort];
  const byName = (a: ServerSummary, b: ServerSummary) =>
    names.compare(a.name, b.name) || names.compare(a.id, b.id);
  if (!metric) return byName;
  const direction = sort === "uptime" ? 1 : -1;
  return (a, b) => {
    const left = a.latest[metric] ?? null;
    const right = b.latest[metric] ?? null;
    // What is unknown stands last whichever way the rest goes.
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || byName(a, b);
    return (left - right) * direction || byName(a, b);
  };
}

/** Sorted servers, in groups that follow the order of their first server. */
export function orderServers(
  servers: readonly ServerSummary[],
  sort: FleetSort,
  group: "region" | "none",
): FleetGroup[] {
  const sorted = [...servers].sort(compareServers(sort));
  if (group === "none") return [{ region: null, servers: sorted }];
  const groups = new Map<string, ServerSummary[]>();
  for (const server of sorted) {
    const members = groups.get(server.region);
    if (members) members.push(server);
    else groups.set(server.region, [server]);
  }
  const list = [...groups].map(([region, members]) => ({ region, servers: members }));
  const healthy = (one: FleetGroup) => sort === "worst" && one.servers[0]?.state === "healthy";
  return list.sort((a, b) => (healthy(a) && healthy(b) ? names.compare(a.region ?? "", b.region ?? "") : 0));
}

/** The same groups in the order that the ids stand in; servers that are new to it keep their place at the end. */
export function heldOrder(groups: readonly FleetGroup[], ids: readonly string[]): FleetGroup[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const place = (server: ServerSummary | undefined) => places.get(server?.id ?? "") ?? ids.length;
  return groups
    .map((group) => ({ ...group, servers: [...group.servers].sort((a, b) => place(a) - place(b)) }))
    .sort((a, b) => place(a.servers[0]) - place(b.servers[0]));
}

export function idsOf(groups: readonly FleetGroup[]): string[] {
  return groups.flatMap((group) => group.servers.map((server) => server.id));
}
