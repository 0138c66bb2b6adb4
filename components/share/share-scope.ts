"use client";

import { useEffect, useSyncExternalStore } from "react";

/** What a page knows of the view on screen that its address doesn't tell. */
export interface ShareScope {
  /** Of the connections page on screen. */
  viewId?: string;
  /** The window on screen where it isn't that of the live data around the Share button. */
  window?: { fromMs: number; toMs: number };
}

let current: ShareScope | null = null;
const listeners = new Set<() => void>();

function set(scope: ShareScope | null): void {
  current = scope;
  for (const listener of listeners) listener();
}

/**
 * Tells the Share button in the top bar, which stands outside the page, what the page shows. A page whose
 * address says it all needs none.
 */
export function useShareScope(scope: ShareScope): void {
  const { viewId } = scope;
  const fromMs = scope.window?.fromMs;
  const toMs = scope.window?.toMs;
  useEffect(() => {
    const mine: ShareScope = {
      ...(viewId === undefined ? {} : { viewId }),
      ...(fromMs === undefined || toMs === undefined ? {} : { window: { fromMs, toMs } }),
    };
    set(mine);
    return () => {
      if (current === mine) set(null);
    };
  }, [viewId, fromMs, toMs]);
}

export function useCurrentShareScope(): ShareScope | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
    () => null,
  );
}
