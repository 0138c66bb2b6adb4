"use client";

import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  LabelList,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import type { HistogramProps } from "./histogram";
import { valueTicks } from "./ticks";

const axis = { axisLine: false, tickLine: false, tick: { fill: "var(--text-3)", fontSize: 11 } } as const;

export default function HistogramChart({ bins, valueLabel, setting }: HistogramProps) {
  // what is counted has no halves
  const ticks = valueTicks(Math.max(0, ...bins.map((bin) => bin.value))).filter(Number.isInteger);
  const settingBin = setting && bins[setting.bin];
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={[...bins]}
        margin={{ top: 18, right: 8, bottom: 0, left: 0 }}
        barCategoryGap={1}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="label" {...axis} interval="preserveStartEnd" minTickGap={32} height={20} />
        <YAxis
          {...axis}
          width={40}
          ticks={ticks}
          domain={[0, ticks.at(-1) ?? 1]}
          tickFormatter={(value) => valueLabel(Number(value))}
        />
        {setting && settingBin && (
          <ReferenceLine
            x={settingBin.label}
            stroke="var(--accent)"
            strokeDasharray="4 3"
            label={{ value: setting.label, position: "top", fill: "var(--accent)", fontSize: 11 }}
          />
        )}
        <Bar dataKey="value" isAnimationActive={false} radius={[2, 2, 0, 0]}>
          {bins.map((bin) => (
            <Cell key={bin.label} fill={bin.tone === "warn" ? "var(--warn)" : "var(--c1)"} />
          ))}
          <LabelList dataKey="note" position="top" fill="var(--warn)" fontSize={11} />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}
