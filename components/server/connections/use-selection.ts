"use client";

import { useCallback, useMemo, useState } from "react";
import type { Connection } from "@/lib/contract/service-api";

export interface Selection {
  rows: ReadonlyMap<string, Connection>;
  toggle: (row: Connection) => void;
  /** Adds these, or takes them all out when all are in. */
  toggleAll: (rows: readonly Connection[]) => void;
  clear: () => void;
}

/** Rows picked by hand; sorting, paging and refreshing keep them. */
export function useSelection(): Selection {
  const [rows, setRows] = useState<ReadonlyMap<string, Connection>>(new Map());
  const toggle = useCallback(
    (row: Connection) =>
      setRows((before) => {
        const next = new Map(before);
        if (!next.delete(row.id)) next.set(row.id, row);
        return next;
      }),
    [],
  );
  const toggleAll = useCallback(
    (some: readonly Connection[]) =>
      setRows((before) => {
        const next = new Map(before);
        const all = some.every((row) => before.has(row.id));
        for (const row of some) {
          if (all) next.delete(row.id);
          else next.set(row.id, row);
        }
        return next;
      }),
    [],
  );
  const clear = useCallback(() => setRows(new Map()), []);
  return useMemo(() => ({ rows, toggle, toggleAll, clear }), [rows, toggle, toggleAll, clear]);
}
