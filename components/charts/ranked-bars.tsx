"use client";

import { lazy, memo, Suspense } from "react";
import { sameItems } from "./use-stable";

export interface RankedBar {
  name: string;
  value: number;
  /** Grey, and always last. */
  others?: boolean;
  tone?: "warn" | "crit";
}

export interface RankedBarsProps {
  bars: readonly RankedBar[];
  valueLabel: (value: number) => string;
  /** Names the chart for screen readers. */
  label: string;
  nameWidth?: number;
  rowHeight?: number;
}

const Lazy = lazy(() => import("./ranked-bars-chart"));

/** Drawn again for other bars only: Recharts costs more than all lines of a page. */
const Chart = memo(Lazy, (before, now) => sameItems(before.bars, now.bars));

/** Name, bar, figure; "others" last in grey. Recharts comes along only here. */
export function RankedBars(props: RankedBarsProps) {
  const height = props.bars.length * (props.rowHeight ?? 24);
  return (
    <figure aria-label={props.label}>
      <ul className="sr-only">
        {props.bars.map((bar) => (
          <li key={bar.name}>
            {bar.name} {props.valueLabel(bar.value)}
          </li>
        ))}
      </ul>
      <div aria-hidden style={{ height }}>
        <Suspense>
          <Chart {...props} />
        </Suspense>
      </div>
    </figure>
  );
}
