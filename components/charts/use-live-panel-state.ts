"use client";

import type { PanelState } from "@/components/ui/panel";
import { useConsoleNow, useLiveStore, useScene } from "@/lib/live/live-context";

/** What a live panel has to show: loading before the first sample, paused, stale past three intervals. */
export function useLivePanelState(serverId?: string): PanelState {
  const scene = useScene();
  const store = useLiveStore();
  useConsoleNow(1_000);
  const { fleet, servers, paused, frozen } = scene;
  if (paused) return { kind: "paused", ...paused };
  if (frozen) return { kind: "ready" };
  const times =
    serverId === undefined
      ? fleet.servers.map((server) => server.lastSampleAtMs ?? 0)
      : [servers.get(serverId)?.lastSampleAtMs ?? 0];
  const newestMs = Math.max(0, ...times);
  if (newestMs === 0) return { kind: "loading" };
  const ageMs = store.consoleNow() - newestMs;
  return ageMs > 3 * fleet.stepMs + 500 ? { kind: "stale", ageMs } : { kind: "ready" };
}
