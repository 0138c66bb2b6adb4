"use client";

import { useLivePanelState } from "@/components/charts/use-live-panel-state";
import type { PanelState } from "@/components/ui/panel";
import { useReasonWords } from "@/components/ui/use-reason-words";
import type { ServerSummary } from "@/lib/contract/console-api";
import { isSilent } from "../trouble";

/** As any live panel's, but a server that never told anything says why instead of loading for ever. */
export function useServerPanelState(server: ServerSummary): PanelState {
  const state = useLivePanelState(server.id);
  const words = useReasonWords();
  if (server.lastSampleAtMs === null && isSilent(server.state) && state.kind === "loading") {
    return { kind: "error", title: words(server.reason) };
  }
  return state;
}
