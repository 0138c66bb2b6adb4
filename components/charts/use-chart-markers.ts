"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { StatusKind } from "@/components/ui/status-shape";
import { useFormat } from "@/components/ui/use-format";
import type { Marker } from "@/lib/contract/console-api";
import { useMarkers } from "@/lib/live/live-context";
import type { ChartMarker } from "./chart-model";

/** How an action's state is drawn. */
export const actionStatusKind: Record<Marker["state"], StatusKind> = {
  running: "info",
  succeeded: "ok",
  partial: "warn",
  failed: "down",
};

/** The actions of the window as numbered marks, of one server or of all. */
export function useChartMarkers(serverId?: string): ChartMarker[] {
  const t = useTranslations("common");
  const format = useFormat();
  const markers = useMarkers(serverId);
  return useMemo(
    () =>
      markers.map((marker) => ({
        id: marker.actionId,
        atMs: marker.atMs,
        label: String(marker.number),
        kind: actionStatusKind[marker.state],
        title: t("chart.marker", {
          number: marker.number,
          what: `${t(`action.${marker.kind}`)}, ${marker.serverId}`,
          time: format.clock(marker.atMs),
        }),
      })),
    [markers, t, format],
  );
}
