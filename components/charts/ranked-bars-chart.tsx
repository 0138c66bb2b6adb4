"use client";

import { Bar, BarChart, Cell, LabelList, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { RankedBarsProps } from "./ranked-bars";

const colour = (bar: RankedBarsProps["bars"][number]) =>
  bar.others ? "var(--other)" : bar.tone ? `var(--${bar.tone})` : "var(--c1)";

export default function RankedBarsChart({
  bars,
  valueLabel,
  nameWidth = 140,
  rowHeight = 24,
}: RankedBarsProps) {
  const data = [...bars].sort((a, b) => Number(a.others ?? false) - Number(b.others ?? false));
  const room = 8 + 7 * Math.max(1, ...data.map((bar) => valueLabel(bar.value).length));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={data}
        layout="vertical"
        margin={{ top: 0, right: room, bottom: 0, left: 0 }}
        barSize={Math.min(10, rowHeight - 12)}
        accessibilityLayer={false}
      >
        <XAxis type="number" hide domain={[0, "dataMax"]} />
        <YAxis
          type="category"
          dataKey="name"
          width={nameWidth}
          axisLine={false}
          tickLine={false}
          interval={0}
          tick={({ y, payload }) => (
            <text x={0} y={Number(y)} dy={4} fill="var(--text-1)" fontSize={12}>
              {shorten(String(payload.value), nameWidth)}
            </text>
          )}
        />
        <Bar
          dataKey="value"
          isAnimationActive={false}
          radius={2}
          background={{ fill: "var(--track)", radius: 2 }}
        >
          {data.map((bar) => (
            <Cell key={bar.name} fill={colour(bar)} />
          ))}
          <LabelList
            dataKey="value"
            position="right"
            offset={8}
            fill="var(--text-1)"
            fontSize={12}
            formatter={(value) => valueLabel(Number(value))}
          />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}

function shorten(name: string, width: number): string {
  const most = Math.floor(width / 6.8);
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
}
