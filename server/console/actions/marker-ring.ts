import type { Action, Marker } from "../../../lib/contract/console-api";
import { toMarker } from "./action-store";

export interface MarkerRing {
  set(action: Action): void;
  /** Oldest first. */
  since(fromMs: number): Marker[];
}

/** Frames ask for markers several times a second: the newest day's are kept in memory. */
export function createMarkerRing(now: () => number, keptMs = 86_400_000, most = 5_000): MarkerRing {
  let markers: Marker[] = [];
  return {
    set(action) {
      const marker = toMarker(action);
      const oldest = now() - keptMs;
      const at = markers.findIndex((m) => m.actionId === action.id);
      if (at >= 0) markers[at] = marker;
      else markers = [...markers.filter((m) => m.atMs >= oldest), marker].slice(-most);
    },
    since: (fromMs) => markers.filter((marker) => marker.atMs >= fromMs),
  };
}
