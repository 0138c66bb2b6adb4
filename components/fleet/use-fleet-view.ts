"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { statesWorstFirst } from "@/lib/health";
import { sorts } from "./fleet-order";

export const statuses = ["all", "trouble", ...statesWorstFirst] as const;

const parsers = {
  q: parseAsString.withDefault(""),
  status: parseAsStringLiteral(statuses).withDefault("all"),
  label: parseAsString.withDefault(""),
  group: parseAsStringLiteral(["region", "none"] as const).withDefault("region"),
  sort: parseAsStringLiteral(sorts).withDefault("worst"),
};

/** Filter, group and order stand in the address. */
export function useFleetView() {
  const [view, setView] = useQueryStates(parsers);
  const filtered = view.q.trim() !== "" || view.status !== "all" || view.label !== "";
  return { view, setView, filtered, clear: () => void setView({ q: null, status: null, label: null }) };
}
