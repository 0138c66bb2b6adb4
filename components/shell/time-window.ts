"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useEffect } from "react";
import { useLiveStore } from "@/lib/live/live-context";

export const ranges = ["5m", "15m"] as const;
export type Range = (typeof ranges)[number];

export const rangeMs: Record<Range, number> = { "5m": 5 * 60_000, "15m": 15 * 60_000 };

/** Range and pause stand in the address, so that Reload and Back restore them. */
export function useTimeWindow() {
  const [range, setRange] = useQueryState("range", parseAsStringLiteral(ranges).withDefault("15m"));
  const [paused, setPaused] = useQueryState("paused", parseAsStringLiteral(["1"] as const));
  return {
    range,
    setRange: (next: Range) => void setRange(next),
    paused: paused === "1",
    setPaused: (next: boolean) => void setPaused(next ? "1" : null),
  };
}

/** Hands the address's range and pause to the live data; mounted once, by the shell. */
export function useTimeWindowSync(): void {
  const store = useLiveStore();
  const { range, paused } = useTimeWindow();
  useEffect(() => store.setRange(rangeMs[range]), [store, range]);
  useEffect(() => store.setPaused(paused), [store, paused]);
}
