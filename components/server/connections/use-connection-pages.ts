"use client";

import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { ConnectionsPage } from "@/lib/contract/console-api";
import type { Connection } from "@/lib/contract/service-api";
import { connectionsQuery } from "@/lib/query/servers";
import { type ListQuery, pageRows } from "./connection-filter";
import { holdOrder } from "./hold-order";

export const refreshMs = 2_000;
/** Pages out of sight are let go soon: a list of 100,000 is never in the browser whole. */
const unseenMs = 20_000;

export interface ConnectionList {
  total: number | null;
  row(index: number): Connection | null;
  /** Of the page that the first visible row is on. */
  page: ConnectionsPage | null;
  error: unknown;
  loading: boolean;
  orderChanged: boolean;
  retry(): void;
}

/**
 * The pages around the visible rows, read again every two seconds while `live`. While `held`, rows keep their
 * places and only their values change; another `turn` takes the newest order over.
 */
export function useConnectionPages(options: {
  serverId: string;
  query: ListQuery;
  firstRow: number;
  lastRow: number;
  live: boolean;
  held: boolean;
  turn: number;
  initial: { query: ListQuery; page: ConnectionsPage } | null;
}): ConnectionList {
  const { serverId, query, firstRow, lastRow, initial } = options;
  const offsets = pageOffsets(firstRow, lastRow);
  const name = JSON.stringify(query);
  const results = useQueries({
    queries: offsets.map((offset) => ({
      ...connectionsQuery(serverId, { ...query, offset, limit: pageRows }),
      placeholderData: keepPreviousData<ConnectionsPage>,
      // The next reading is the next try, and until then the row says what is wrong.
      retry: false,
      refetchInterval: options.live ? refreshMs : (false as const),
      gcTime: unseenMs,
      ...(initial && initial.page.offset === offset && JSON.stringify(initial.query) === name
        ? { initialData: initial.page, initialDataUpdatedAt: initial.page.readAtMs, staleTime: refreshMs }
        : {}),
    })),
  });

  const pages = new Map<number, ConnectionsPage>();
  for (const [i, offset] of offsets.entries()) {
    // A placeholder of another page would put its rows in the wrong places.
    const data = results[i]?.data;
    if (data?.offset === offset) pages.set(offset, data);
  }
  const held = useHeldPages(pages, options.held, `${name} ${options.turn}`);
  const first = pages.get(offsets[0] ?? 0) ?? null;
  const failed = results.find((result) => result.isError);
  return {
    total: first?.total ?? results.find((result) => result.data)?.data?.total ?? null,
    row(index) {
      const offset = Math.floor(index / pageRows) * pageRows;
      return (held.rows.get(offset) ?? pages.get(offset)?.rows)?.[index - offset] ?? null;
    },
    page: first,
    error: failed?.error ?? null,
    loading: results.some((result) => result.isPending),
    orderChanged: held.changed,
    retry: () => {
      for (const result of results) void result.refetch();
    },
  };
}

function pageOffsets(firstRow: number, lastRow: number): number[] {
  const offsets: number[] = [];
  for (let page = Math.floor(firstRow / pageRows); page <= Math.floor(lastRow / pageRows); page++) {
    offsets.push(page * pageRows);
  }
  return offsets;
}

function useHeldPages(pages: ReadonlyMap<number, ConnectionsPage>, held: boolean, name: string) {
  const [kept, setKept] = useState<{ name: string; rows: ReadonlyMap<number, readonly Connection[]> } | null>(
    null,
  );
  const current = held && kept?.name === name ? kept.rows : null;
  const missing = held ? [...pages.keys()].filter((offset) => !current?.has(offset)) : [];
  const wanted = held ? `${name} ${missing.join()}` : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is wanted decides; pages change with each reading
  useEffect(() => {
    if (wanted === "") return setKept(null);
    if (missing.length === 0) return;
    setKept((before) => {
      const rows = new Map(before?.name === name ? before.rows : []);
      for (const offset of missing) rows.set(offset, pages.get(offset)?.rows ?? []);
      return { name, rows };
    });
  }, [wanted]);
  return useMemo(() => {
    const rows = new Map<number, Connection[]>();
    let changed = false;
    for (const [offset, shown] of current ?? []) {
      const page = pages.get(offset);
      const result = holdOrder(shown, page?.rows ?? shown);
      rows.set(offset, result.rows);
      changed ||= result.changed;
    }
    return { rows, changed };
  }, [current, pages]);
}
