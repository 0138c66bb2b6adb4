"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { IncidentsQuery } from "@/lib/contract/console-api";
import { severities } from "./incident-marks";

export const statusChoices = ["open", "monitoring", "resolved"] as const;
export const rowsPerPage = 100;

/** Filters, page and selection stand in the address. */
export function useIncidentFilters() {
  const [state, set] = useQueryStates({
    q: parseAsString.withDefault(""),
    severity: parseAsStringLiteral(severities),
    status: parseAsStringLiteral(statusChoices),
    offset: parseAsInteger.withDefault(0),
    sel: parseAsString,
  });
  const query: Partial<IncidentsQuery> = {
    ...(state.q === "" ? {} : { q: state.q }),
    ...(state.severity === null ? {} : { severity: state.severity }),
    ...(state.status === null ? {} : { status: state.status }),
    limit: rowsPerPage,
    offset: Math.max(0, state.offset),
  };
  return {
    ...state,
    query,
    filtered: state.q !== "" || state.severity !== null || state.status !== null,
    /** A new filter starts on the first page. */
    setFilter: (part: Partial<Pick<typeof state, "q" | "severity" | "status">>) =>
      void set({ ...part, offset: null }),
    clear: () => void set({ q: null, severity: null, status: null, offset: null }),
    setOffset: (offset: number) => void set({ offset }),
    select: (sel: string | null) => void set({ sel }),
  };
}

export type IncidentFilters = ReturnType<typeof useIncidentFilters>;
