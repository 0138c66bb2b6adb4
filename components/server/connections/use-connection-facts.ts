"use client";

import { useQuery } from "@tanstack/react-query";
import type {
  ConnectionsByNetwork,
  RecentlyClosed,
  ServerDetail,
  Snapshot,
} from "@/lib/contract/console-api";
import { useServer, useServerDetail } from "@/lib/live/live-context";
import {
  connectionsByNetworkQuery,
  connectionsQuery,
  recentlyClosedQuery,
  serverQuery,
} from "@/lib/query/servers";
import { muchBufferedBytes } from "./connection-row";
import type { FilterCounts } from "./connections-toolbar";

const detailMs = 2_000;
const slowMs = 10_000;
const closedMs = 5_000;

export interface ConnectionFacts {
  detail: ServerDetail | null;
  byNetwork: ConnectionsByNetwork | null;
  closed: RecentlyClosed | null;
  closedError: unknown;
  retryClosed(): void;
  counts: FilterCounts;
}

/** What stands around the list; in a stored view what was stored, and nothing is asked for. */
export function useConnectionFacts(options: {
  serverId: string;
  live: boolean;
  closedShown: boolean;
  stored: Snapshot["connections"];
}): ConnectionFacts {
  const { serverId, live, stored } = options;
  const every = (ms: number) => (live ? ms : (false as const));
  const seeded = useServerDetail();
  const server = useServer(serverId);
  const asked = !stored;
  const detail = useQuery({
    ...serverQuery(serverId),
    enabled: asked,
    refetchInterval: every(detailMs),
  });
  const byNetwork = useQuery({
    ...connectionsByNetworkQuery(serverId),
    enabled: asked,
    refetchInterval: every(slowMs),
  });
  const closed = useQuery({
    ...recentlyClosedQuery(serverId),
    enabled: asked && options.closedShown,
    refetchInterval: every(closedMs),
  });
  const buffered = useQuery({
    ...connectionsQuery(serverId, { min_buffered: muchBufferedBytes, offset: 0, limit: 1 }),
    enabled: asked,
    refetchInterval: every(slowMs),
  });
  const shown = detail.data ?? seeded;
  return {
    detail: shown,
    byNetwork: stored ? stored.byNetwork : (byNetwork.data ?? null),
    closed: stored ? stored.closed : (closed.data ?? null),
    closedError: closed.error,
    retryClosed: () => void closed.refetch(),
    counts: {
      idle: server?.latest.idle_connections ?? null,
      buffered: buffered.data?.total ?? null,
      slow: shown?.byState?.slow ?? null,
    },
  };
}
