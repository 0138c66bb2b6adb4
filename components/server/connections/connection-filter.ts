import { createLoader, parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { connectionSorts, connectionStates } from "@/lib/contract/connection-fields";
import type { CleanupMatch, ConnectionsPageQuery } from "@/lib/contract/console-api";

export type ConnectionSort = (typeof connectionSorts)[number];

/** The list as it stands in the address. */
export const connectionParsers = {
  q: parseAsString.withDefault(""),
  idle: parseAsFloat,
  buffered: parseAsInteger,
  state: parseAsStringLiteral(connectionStates),
  ip: parseAsString,
  topic: parseAsString,
  sort: parseAsStringLiteral(connectionSorts).withDefault("buffered_bytes"),
  order: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
};

export interface ConnectionFilter {
  q: string;
  /** Seconds. */
  idle: number | null;
  /** Bytes. */
  buffered: number | null;
  state: (typeof connectionStates)[number] | null;
  ip: string | null;
  topic: string | null;
  sort: ConnectionSort;
  order: "asc" | "desc";
}

export const loadConnectionFilter = createLoader(connectionParsers);

/** Rows of one page. */
export const pageRows = 200;

export type ListQuery = Omit<ConnectionsPageQuery, "offset" | "limit">;

export function listQuery(filter: ConnectionFilter): ListQuery {
  const q = filter.q.trim().slice(0, 200);
  return {
    ...(q === "" ? {} : { q }),
    ...(filter.idle === null ? {} : { idle_gt: Math.max(0, filter.idle) }),
    ...(filter.buffered === null ? {} : { min_buffered: Math.max(0, filter.buffered) }),
    ...(filter.state === null ? {} : { state: filter.state }),
    ...(filter.ip ? { ip: filter.ip } : {}),
    ...(filter.topic ? { topic: filter.topic } : {}),
    sort: filter.sort,
    order: filter.order,
  };
}

/** The other way, for a stored view: its query tells its filter. */
export function filterOfQuery(query: ListQuery): ConnectionFilter {
  return {
    q: query.q ?? "",
    idle: query.idle_gt ?? null,
    buffered: query.min_buffered ?? null,
    state: query.state ?? null,
    ip: query.ip ?? null,
    topic: query.topic ?? null,
    sort: query.sort ?? "buffered_bytes",
    order: query.order ?? "desc",
  };
}

export function isFiltered(filter: ConnectionFilter): boolean {
  const { q, idle, buffered, state, ip, topic } = filter;
  return q.trim() !== "" || [idle, buffered, state, ip, topic].some((value) => value !== null);
}

/**
 * The clean-up that matches what the list shows. `unmatchable` when it filters by what a clean-up can't ask
 * for; undefined without a filter, since an empty one never means everyone.
 */
export function matchOfFilter(filter: ConnectionFilter): CleanupMatch | "unmatchable" | undefined {
  if (filter.q.trim() !== "" || filter.state !== null) return "unmatchable";
  if (!isFiltered(filter)) return undefined;
  return {
    idle_seconds: filter.idle ?? 0,
    include_subscribed: true,
    ...(filter.ip ? { ip: filter.ip } : {}),
    ...(filter.topic ? { topic: filter.topic } : {}),
    ...(filter.buffered === null ? {} : { min_buffered: filter.buffered }),
  };
}
