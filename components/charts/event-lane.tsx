"use client";

import { StatusShape } from "@/components/ui/status-shape";
import type { ChartMarker } from "./chart-model";
import { useCrosshair } from "./crosshair";
import { axisHeight, rightPadding } from "./plot";

interface Placed {
  fromMs: number;
  toMs: number;
  axisWidth: number;
}

const placeAt = (timeMs: number, { fromMs, toMs, axisWidth }: Placed) => {
  const share = (timeMs - fromMs) / (toMs - fromMs);
  return `calc(${axisWidth}px + (100% - ${axisWidth + rightPadding}px) * ${share})`;
};

const inside = (timeMs: number, { fromMs, toMs }: Placed) => timeMs >= fromMs && timeMs <= toMs;

/** Above the plot: numbered squares for actions, status shapes for alerts. */
export function EventLane(props: Placed & { markers: readonly ChartMarker[] }) {
  return (
    <ul className="pointer-events-none absolute inset-x-0 top-0 h-[18px]">
      {props.markers
        .filter((marker) => inside(marker.atMs, props))
        .map((marker) => (
          <li
            key={marker.id}
            title={marker.title}
            style={{ left: placeAt(marker.atMs, props) }}
            className="pointer-events-auto absolute top-0.5 -translate-x-1/2"
          >
            <EventMark marker={marker} />
          </li>
        ))}
    </ul>
  );
}

/** A marker's square or shape; the same one stands in event rows and side lists. */
export function EventMark({ marker }: { marker: Pick<ChartMarker, "label" | "kind" | "title"> }) {
  if (marker.label === null) return <StatusShape kind={marker.kind} size={11} label={marker.title} />;
  return (
    <span
      role="img"
      aria-label={marker.title}
      className="keep-colour figures inline-flex h-3.5 min-w-3.5 items-center justify-center rounded-[3px] bg-text-1 px-[3px] text-tiny font-bold text-bg"
    >
      {marker.label}
    </span>
  );
}

/** The crosshair's time on the axis. */
export function TimeChip(props: Placed & { label: (timeMs: number) => string }) {
  const { timeMs } = useCrosshair();
  if (timeMs === null || !inside(timeMs, props)) return null;
  return (
    <span
      style={{ left: placeAt(timeMs, props), bottom: axisHeight - 20 }}
      className="figures pointer-events-none absolute -translate-x-1/2 rounded-badge bg-accent px-1 text-axis font-semibold text-bg"
    >
      {props.label(timeMs)}
    </span>
  );
}
