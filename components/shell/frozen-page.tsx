"use client";

import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from "react";
import type { Snapshot } from "@/lib/contract/console-api";
import { LiveProvider } from "@/lib/live/live-context";

export interface FrozenWindow {
  fromMs: number;
  toMs: number;
  /** Where the same view is live. */
  livePath: string;
}

let current: FrozenWindow | null = null;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function set(next: FrozenWindow | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** The window of the stored view on screen, for the top bar; null while the page is live. */
export function useFrozenWindow(): FrozenWindow | null {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  );
}

/** Everything inside shows the snapshot instead of live data, and the top bar says so. */
export function FrozenPage({ snapshot, children }: { snapshot: Snapshot; children: ReactNode }) {
  const { fromMs, toMs, path } = snapshot;
  useEffect(() => {
    set({ fromMs, toMs, livePath: path });
    return () => set(null);
  }, [fromMs, toMs, path]);
  const source = useMemo(() => ({ kind: "frozen", snapshot }) as const, [snapshot]);
  return (
    <LiveProvider key={snapshot.id} source={source}>
      {children}
    </LiveProvider>
  );
}
