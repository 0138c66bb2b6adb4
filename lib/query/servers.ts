import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  ConnectionsByNetwork,
  ConnectionsPage,
  ConnectionsPageQuery,
  RecentlyClosed,
  ServerDetail,
} from "../contract/console-api";
import { fetchJson, queryString } from "./fetch-json";

const serverPath = (serverId: string) => `/api/servers/${encodeURIComponent(serverId)}`;

export const serverQuery = (serverId: string) =>
  queryOptions({
    queryKey: ["server", serverId],
    queryFn: ({ signal }) => fetchJson<ServerDetail>(serverPath(serverId), { signal }),
  });

/** Rows stay on screen while the next page or order loads. */
export const connectionsQuery = (serverId: string, query: Partial<ConnectionsPageQuery>) =>
  queryOptions({
    queryKey: ["server", serverId, "connections", query],
    queryFn: ({ signal }) =>
      fetchJson<ConnectionsPage>(`${serverPath(serverId)}/connections${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const connectionsByNetworkQuery = (serverId: string) =>
  queryOptions({
    queryKey: ["server", serverId, "connections-by-network"],
    queryFn: ({ signal }) =>
      fetchJson<ConnectionsByNetwork>(`${serverPath(serverId)}/connections/by-network`, { signal }),
  });

export const recentlyClosedQuery = (serverId: string) =>
  queryOptions({
    queryKey: ["server", serverId, "closed-connections"],
    queryFn: ({ signal }) =>
      fetchJson<RecentlyClosed>(`${serverPath(serverId)}/closed-connections`, { signal }),
  });
