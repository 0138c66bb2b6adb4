"use client";

import { useSyncExternalStore } from "react";

type Room = "narrow" | "medium" | "wide";

/** The breakpoints of `mediumOnly` and `wideOnly` columns. */
const medium = "(min-width: 1024px)";
const wide = "(min-width: 1200px)";

function subscribe(listener: () => void): () => void {
  const queries = [medium, wide].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener("change", listener);
  return () => {
    for (const query of queries) query.removeEventListener("change", listener);
  };
}

const room = (): Room =>
  window.matchMedia(wide).matches ? "wide" : window.matchMedia(medium).matches ? "medium" : "narrow";

/**
 * How many columns the page has room for. Cells are hidden by CSS; a cell across the table must know their
 * number, since a span over too many makes columns of its own.
 */
export function useRoom(): Room {
  return useSyncExternalStore(subscribe, room, () => "wide");
}
