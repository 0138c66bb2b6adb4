import type { StatusKind } from "@/components/ui/status-shape";
import type { MetricName } from "@/lib/contract/metrics";

/** A series keeps its colour on every page; percentiles are one hue in rising strength. */
export type ChartColour = "c1" | "c2" | "c3" | "c4" | "c5" | "c6" | "other" | "p50" | "p95" | "p99";

export interface ChartSeries {
  label: string;
  /** One a time; null is a gap. */
  values: readonly (number | null)[];
  /** c1, c2, … by order when left out. */
  colour?: ChartColour;
  width?: number;
  /** A fill of 8 %: only for a single quantity against a hard limit. */
  area?: boolean;
  /** Names the latest value in the legend for tests and scripts. */
  metric?: MetricName;
  /** Whose value it is, where it isn't the chart's. */
  server?: string;
}

export interface ChartLimit {
  value: number;
  kind: "soft" | "hard";
  label: string;
}

export interface ChartMarker {
  id: string;
  atMs: number;
  /** The action's number, or "4–7" of merged ones; null draws the status shape. */
  label: string | null;
  kind: StatusKind;
  /** What it was, in words. */
  title: string;
}

export interface ChartBand {
  fromMs: number;
  toMs: number;
  kind: "firing" | "pending" | "no_samples" | "paused";
}

const percentileWidth: Partial<Record<ChartColour, number>> = { p50: 1.4, p95: 1.5, p99: 2 };
const order: ChartColour[] = ["c1", "c2", "c3", "c4", "c5", "c6"];

export function colourOf(series: ChartSeries, index: number): ChartColour {
  return series.colour ?? order[index] ?? "other";
}

export function widthOf(series: ChartSeries, index: number): number {
  return series.width ?? percentileWidth[colourOf(series, index)] ?? 1.5;
}

const mostMarkers = 9;

/** Above nine in a window, neighbours become one: "4–7". */
export function mergeMarkers(markers: readonly ChartMarker[]): ChartMarker[] {
  if (markers.length <= mostMarkers) return [...markers];
  const size = Math.ceil(markers.length / mostMarkers);
  const merged: ChartMarker[] = [];
  for (let i = 0; i < markers.length; i += size) {
    const group = markers.slice(i, i + size);
    const first = group[0];
    const last = group.at(-1);
    if (!first || !last) continue;
    merged.push(
      group.length === 1
        ? first
        : { ...first, label: `${first.label}–${last.label}`, title: group.map((m) => m.title).join("; ") },
    );
  }
  return merged;
}
