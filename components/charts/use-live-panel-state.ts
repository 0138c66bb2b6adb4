"use client";

import type { PanelState } from "@/components/ui/panel";
import { useConsoleNow, useLiveStore, useScene, useStale } from "@/lib/live/live-context";

/** What a live panel has to show: loading before the first sample, paused, stale past three intervals. */
export function useLivePanelState(serverId?: string): PanelState {
  const scene = useScene();
  const store = useLiveStore();
  const stale = useStale(serverId);
  // a fresh panel shows no age, so the clock need not draw all its charts again
  useConsoleNow(stale ? 1_000 : null);
  const { fleet, servers, paused, frozen } = scene;
  if (paused) return { kind: "paused", ...paused };
  if (frozen) return { kind: "ready" };
  const times =
    serverId === undefined
      ? fleet.servers.map((server) => server.lastSampleAtMs ?? 0)
      : [servers.get(serverId)?.lastSampleAtMs ?? 0];
  const newestMs = Math.max(0, ...times);
  if (newestMs === 0) return { kind: "loading" };
  return stale ? { kind: "stale", ageMs: store.consoleNow() - newestMs } : { kind: "ready" };
}
