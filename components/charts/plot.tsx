"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import type uPlot from "uplot";
import { useTheme } from "@/components/ui/theme";
import { type ChartSeries, colourOf, widthOf } from "./chart-model";
import { crosshair } from "./crosshair";
import { type Overlay, overlayPlugin } from "./plot-overlay";
import { timeTicks } from "./ticks";

/** Room above the plot for the event lane. */
export const laneHeight = 20;
export const axisHeight = 24;
export const rightPadding = 8;
/** A time whose words would be cut off at the right edge is left out. */
const halfTimeLabel = 16;

export interface PlotProps extends Overlay {
  timesMs: readonly number[];
  fromMs: number;
  toMs: number;
  series: readonly ChartSeries[];
  ticks: readonly number[];
  tickLabel: (value: number) => string;
  timeLabel: (timeMs: number) => string;
  axisWidth: number;
  /** Grey and dashed: the values are old. */
  stale: boolean;
  onReady?: () => void;
}

/** The canvas of a time chart. It draws; names, legend and lane are its owner's. */
export function Plot(props: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(props);
  const { theme } = useTheme();
  const shape = props.series
    .map((series, i) => `${colourOf(series, i)} ${widthOf(series, i)} ${series.area ?? false}`)
    .join();
  const showCursor = useEffectEvent(() => applyCursor(chart.current));

  useEffect(() => {
    latest.current = props;
  });

  const { timesMs, series, ticks, fromMs, toMs, limits, bands, markers, stale, axisWidth } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what is drawn
  useEffect(() => {
    draw(chart.current, latest.current);
  }, [timesMs, series, ticks, fromMs, toMs, limits, bands, markers, stale, axisWidth]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme or shape of series is another chart
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    let gone = false;
    let resizes: ResizeObserver | null = null;
    void import("uplot").then(({ default: UPlot }) => {
      if (gone) return;
      const u = new UPlot(
        optionsFor(element, () => latest.current),
        dataOf(latest.current),
        element,
      );
      chart.current = u;
      listen(u);
      draw(u, latest.current);
      resizes = new ResizeObserver(() => {
        u.setSize({ width: element.clientWidth, height: element.clientHeight });
        applyCursor(u);
      });
      resizes.observe(element);
      latest.current.onReady?.();
    });
    return () => {
      gone = true;
      resizes?.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [theme, shape, props.stale]);

  useEffect(() => crosshair.subscribe(() => showCursor()), []);

  return <div ref={holder} className="absolute inset-0" />;
}

const dataOf = (props: PlotProps): uPlot.AlignedData => [
  props.timesMs.map((at) => at / 1000),
  ...props.series.map((series) => series.values as (number | null)[]),
];

function draw(u: uPlot | null, props: PlotProps): void {
  if (!u) return;
  u.batch(() => {
    u.setData(dataOf(props), false);
    u.setScale("x", { min: props.fromMs / 1000, max: props.toMs / 1000 });
  });
  applyCursor(u);
}

function applyCursor(u: uPlot | null): void {
  if (!u) return;
  const { timeMs } = crosshair.get();
  const left = timeMs === null ? -10 : u.valToPos(timeMs / 1000, "x");
  u.setCursor({ left: left < 0 || left > u.over.clientWidth ? -10 : left, top: 1 }, false);
}

function listen(u: uPlot): void {
  const timeAt = (event: PointerEvent | MouseEvent) => {
    const second = u.posToVal(event.clientX - u.over.getBoundingClientRect().left, "x");
    const times = u.data[0];
    const nearest = times[u.valToIdx(second)];
    return nearest === undefined ? null : Math.round(nearest * 1000);
  };
  u.over.addEventListener("pointermove", (event) => crosshair.hover(timeAt(event)));
  u.over.addEventListener("pointerleave", () => crosshair.hover(null));
  u.over.addEventListener("click", (event) => {
    const timeMs = timeAt(event);
    if (timeMs !== null) crosshair.pin(timeMs);
  });
}

function optionsFor(element: HTMLElement, props: () => PlotProps): uPlot.Options {
  const tokens = getComputedStyle(document.documentElement);
  const colour = (token: string) => tokens.getPropertyValue(token).trim();
  const font = '11px "Inter Variable", sans-serif';
  const nothing = () => null;
  const axis = { stroke: () => colour("--text-3"), font, ticks: { show: false }, border: { show: false } };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [laneHeight, rightPadding, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: {
        size: 6,
        width: 0,
        fill: (_, i) => strokeOf(props(), i - 1, colour),
        stroke: () => colour("--bg"),
      },
      bind: {
        mousemove: nothing,
        mouseleave: nothing,
        mouseenter: nothing,
        mousedown: nothing,
        mouseup: nothing,
        click: nothing,
        dblclick: nothing,
      },
    },
    scales: {
      x: { time: true, auto: false },
      y: { range: () => [0, props().ticks.at(-1) ?? 1] },
    },
    axes: [
      {
        ...axis,
        size: axisHeight,
        gap: 6,
        grid: { show: false },
        splits: (u, _, min, max) => {
          const room = (at: number) => ((max - at) / (max - min)) * (u.bbox.width / devicePixelRatio);
          return timeTicks(min, max).filter((at) => room(at) + rightPadding >= halfTimeLabel);
        },
        values: (_, splits) => splits.map((at) => props().timeLabel(at * 1000)),
      },
      {
        ...axis,
        size: () => props().axisWidth,
        gap: 8,
        grid: { stroke: () => colour("--line"), width: 1 },
        splits: () => [...props().ticks],
        values: (_, splits) => splits.map((value) => props().tickLabel(value)),
      },
    ],
    series: [
      {},
      ...props().series.map(
        (series, i): uPlot.Series => ({
          stroke: () => strokeOf(props(), i, colour),
          width: widthOf(series, i),
          spanGaps: false,
          points: { show: false },
          ...(props().stale ? { dash: [3, 3] } : {}),
          ...(series.area ? { fill: () => `${strokeOf(props(), i, colour)}14` } : {}),
        }),
      ),
    ],
    plugins: [overlayPlugin(props, colour)],
  };
}

function strokeOf(props: PlotProps, index: number, colour: (token: string) => string): string {
  const series = props.series[index];
  if (props.stale || !series) return colour("--text-3");
  return colour(`--${colourOf(series, index)}`);
}
