"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { ChartSeries } from "./chart-model";

const mostRows = 90;

/** The same data as a table, newest first; every nth sample where there are many. */
export function ChartTable(props: {
  title: string;
  timesMs: readonly number[];
  series: readonly ChartSeries[];
  valueLabel: (value: number | null) => string;
}) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const every = Math.max(1, Math.ceil(props.timesMs.length / mostRows));
  const rows: number[] = [];
  for (let i = props.timesMs.length - 1; i >= 0; i -= every) rows.push(i);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="absolute inset-0 overflow-auto" tabIndex={0} aria-label={props.title}>
      <table className="w-full text-label">
        <thead>
          <tr>
            <th scope="col" className="sticky top-0 bg-bg py-1 text-left font-normal text-text-2">
              {t("time")}
            </th>
            {props.series.map((series) => (
              <th
                key={series.label}
                scope="col"
                className="sticky top-0 bg-bg py-1 text-right font-normal text-text-2"
              >
                {series.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={props.timesMs[i]}>
              <th scope="row" className="figures border-t py-0.5 text-left font-normal">
                {format.clock(props.timesMs[i])}
              </th>
              {props.series.map((series) => (
                <td key={series.label} className="border-t py-0.5 text-right">
                  {props.valueLabel(series.values[i] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
