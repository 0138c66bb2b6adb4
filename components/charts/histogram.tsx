"use client";

import { lazy, memo, Suspense } from "react";
import { sameItems } from "./use-stable";

export interface HistogramBin {
  /** Under the bar, where there is room. */
  label: string;
  value: number;
  /** The bar that is the finding. */
  tone?: "warn";
  /** Beside the bar: its figure and a question. */
  note?: string;
}

export interface HistogramProps {
  bins: readonly HistogramBin[];
  label: string;
  valueLabel: (value: number) => string;
  height?: number;
  /** A related setting: a dashed accent line at a bin, with its key and value. */
  setting?: { bin: number; label: string };
}

const Lazy = lazy(() => import("./histogram-chart"));

const Chart = memo(
  Lazy,
  (before, now) => sameItems(before.bins, now.bins) && before.setting?.label === now.setting?.label,
);

/** Bars 2 px apart over bins of equal width. Recharts comes along only here. */
export function Histogram(props: HistogramProps) {
  const notes = props.bins.filter((bin) => bin.value > 0);
  return (
    <figure aria-label={props.label}>
      <ul className="sr-only">
        {notes.map((bin) => (
          <li key={bin.label}>{bin.note ?? `${bin.label} ${props.valueLabel(bin.value)}`}</li>
        ))}
      </ul>
      <div aria-hidden style={{ height: props.height ?? 160 }}>
        <Suspense>
          <Chart {...props} />
        </Suspense>
      </div>
    </figure>
  );
}
