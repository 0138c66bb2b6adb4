"use client";

import { type ChartSeries, colourOf } from "./chart-model";
import { nearestIndex, useCrosshair } from "./crosshair";

/** Values are told for three intervals; then there is none to tell. */
const tellable = 4;

export function latestValue(values: readonly (number | null)[]): number | null {
  for (let i = values.length - 1; i >= 0 && i >= values.length - tellable; i--) {
    const value = values[i];
    if (value != null) return value;
  }
  return null;
}

/** The legend is the readout: the latest values, or those at the crosshair while there is one. */
export function Legend(props: {
  timesMs: readonly number[];
  series: readonly ChartSeries[];
  valueLabel: (value: number | null) => string;
  server?: string;
  stale: boolean;
}) {
  const { timeMs } = useCrosshair();
  const index = timeMs === null ? null : nearestIndex(props.timesMs, timeMs);
  return (
    <ul className="flex min-h-[18px] flex-wrap gap-x-3 text-label">
      {props.series.map((series, i) => {
        const value = index === null ? latestValue(series.values) : (series.values[index] ?? null);
        return (
          <li key={series.label} className="flex items-center gap-1.5 whitespace-nowrap">
            <span
              aria-hidden
              className="keep-colour inline-block h-0.5 w-3 rounded-bar"
              style={{ background: `var(--${colourOf(series, i)})` }}
            />
            <span className="text-text-2">{series.label}</span>
            <span
              className={`figures font-semibold ${props.stale ? "text-text-3" : "text-text-1"}`}
              data-metric={index === null ? series.metric : undefined}
              data-server={index === null && series.metric ? (series.server ?? props.server) : undefined}
            >
              {props.valueLabel(value)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
