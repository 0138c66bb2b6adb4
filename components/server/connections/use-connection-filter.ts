"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { type ConnectionFilter, connectionParsers, filterOfQuery, type ListQuery } from "./connection-filter";

export interface FilterControl {
  filter: ConnectionFilter;
  /** null in a stored view, which shows what it showed. */
  change: ((part: Partial<ConnectionFilter>) => void) | null;
}

/** The list's filter and order: of the address, or of the query that a stored view was read with. */
export function useConnectionFilter(stored?: ListQuery): FilterControl {
  const [filter, setFilter] = useQueryStates(connectionParsers);
  return useMemo(
    () =>
      stored
        ? { filter: filterOfQuery(stored), change: null }
        : { filter, change: (part) => void setFilter(part) },
    [stored, filter, setFilter],
  );
}
