"use client";

import { useTranslations } from "next-intl";
import { useCrosshair } from "@/components/charts/crosshair";
import { EventMark } from "@/components/charts/event-lane";
import { actionStatusKind } from "@/components/charts/use-chart-markers";
import { useFormat } from "@/components/ui/use-format";
import { useMarkers } from "@/lib/live/live-context";

/** What the numbers on the charts stand for, newest first, and where the crosshair is. */
export function EventRow() {
  const t = useTranslations("fleet.events");
  const actions = useTranslations("common.action");
  const format = useFormat();
  const markers = useMarkers();
  const { timeMs } = useCrosshair();
  return (
    <div className="hidden h-9 shrink-0 items-center gap-5 border-b px-5 text-label md:flex">
      <h2 className="shrink-0 font-semibold">{t("title")}</h2>
      {markers.length === 0 && <span className="text-text-3">{t("none")}</span>}
      <ul className="flex min-w-0 gap-5 overflow-hidden">
        {[...markers].reverse().map((marker) => {
          const what = actions(marker.kind);
          return (
            <li key={marker.actionId} className="flex shrink-0 items-center gap-2 whitespace-nowrap">
              <EventMark
                marker={{ label: String(marker.number), kind: actionStatusKind[marker.state], title: what }}
              />
              <time className="text-text-2">{format.clock(marker.atMs)}</time>
              <span className="text-text-2">
                {t("event", { what, server: marker.serverId, by: marker.by })}
              </span>
            </li>
          );
        })}
      </ul>
      {timeMs !== null && (
        <span className="figures ml-auto flex shrink-0 items-center gap-2 text-text-2">
          <span aria-hidden className="keep-colour h-0.5 w-3 rounded-bar bg-accent" />
          {t("crosshair", { time: format.clock(timeMs) })}
        </span>
      )}
    </div>
  );
}
