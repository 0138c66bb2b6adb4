"use client";

import { MoreHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Panel, type PanelState } from "@/components/ui/panel";
import { useFormat } from "@/components/ui/use-format";
import {
  type ChartBand,
  type ChartLimit,
  type ChartMarker,
  type ChartSeries,
  mergeMarkers,
} from "./chart-model";
import { ChartTable } from "./chart-table";
import { crosshair, nearestIndex, useCrosshair } from "./crosshair";
import { EventLane, TimeChip } from "./event-lane";
import { Legend, latestValue } from "./legend";
import { axisHeight, laneHeight, Plot, rightPadding } from "./plot";
import { valueTicks } from "./ticks";
import { sameItems, useStable } from "./use-stable";

export interface TimeSeriesProps {
  title: string;
  /** Behind the title, in grey: the unit or "by region". */
  unit?: ReactNode;
  timesMs: readonly number[];
  /** At most six; more belong together as `other`. */
  series: readonly ChartSeries[];
  /** What a plotted unit is of a value: 1024 ** 3 plots bytes as GiB. */
  divide?: number;
  /** Writes a plotted value (already divided) in legend and table; whole numbers when left out. */
  valueLabel?: (value: number | null) => string;
  /** Writes a tick; short figures when left out. */
  tickLabel?: (value: number) => string;
  limits?: readonly ChartLimit[];
  markers?: readonly ChartMarker[];
  bands?: readonly ChartBand[];
  state?: PanelState;
  /** The server's id, or `fleet`, for `data-server` of the legend's values. */
  server?: string;
  height?: number;
  className?: string;
}

const noLimits: readonly ChartLimit[] = [];
const noMarkers: readonly ChartMarker[] = [];
const noBands: readonly ChartBand[] = [];

/** A panel with lines over time. All time charts of a page share one crosshair. */
export function TimeSeries(props: TimeSeriesProps) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const figure = useRef<HTMLDivElement>(null);
  const [asTable, setAsTable] = useState(false);
  const { timesMs, divide = 1, state = { kind: "ready" } } = props;
  const stale = state.kind === "stale";
  const covered = state.kind === "error" || state.kind === "empty";
  const valueLabel = props.valueLabel ?? ((value: number | null) => format.number(value));

  const given = useStable(props.series, sameItems);
  const limits = useStable(props.limits ?? noLimits, sameItems);
  const givenMarkers = useStable(props.markers ?? noMarkers, sameItems);
  const givenBands = useStable(props.bands ?? noBands, sameItems);
  const series = useMemo(
    () =>
      given.map((one) =>
        divide === 1
          ? one
          : { ...one, values: one.values.map((value) => (value === null ? null : value / divide)) },
      ),
    [given, divide],
  );
  const dividedLimits = useMemo(
    () => limits.map((limit) => ({ ...limit, value: limit.value / divide })),
    [limits, divide],
  );
  const markers = useMemo(() => mergeMarkers(givenMarkers), [givenMarkers]);
  const hidden = covered || state.kind === "loading";
  const drawn = useMemo(() => (hidden ? emptied(series) : series), [hidden, series]);
  const ticks = useMemo(() => valueTicks(largest(series, dividedLimits)), [series, dividedLimits]);
  const top = ticks.at(-1) ?? 1;
  const tickLabel = props.tickLabel ?? ((value: number) => format.axis(value, top));
  const axisWidth = useMemo(
    () => Math.max(28, 10 + 6.6 * Math.max(...ticks.map((tick) => tickLabel(tick).length))),
    [ticks, tickLabel],
  );

  const fromMs = timesMs[0] ?? 0;
  const lastMs = timesMs.at(-1) ?? 1;
  const unseenMs = state.kind === "paused" ? Math.min(state.waiting * 1_000, (lastMs - fromMs) * 0.12) : 0;
  const toMs = Math.max(lastMs + unseenMs, fromMs + 1);
  const bands = useMemo(() => {
    const all = [...givenBands];
    if (unseenMs > 0) all.push({ fromMs: lastMs, toMs, kind: "paused" });
    const from = stale ? lastSampleMs(timesMs, series) : null;
    if (from !== null) all.push({ fromMs: from, toMs, kind: "no_samples" });
    return all;
  }, [givenBands, unseenMs, lastMs, toMs, stale, timesMs, series]);

  const placed = { fromMs, toMs, axisWidth };
  const latest = series
    .map((one) => t("seriesValue", { label: one.label, value: valueLabel(latestValue(one.values)) }))
    .join(", ");

  return (
    <div ref={figure} className={`h-full bg-bg ${props.className ?? ""}`}>
      <Panel
        className="h-full"
        title={props.title}
        unit={props.unit}
        state={state}
        aside={
          <Menu
            trigger={
              <IconButton label={t("menu", { title: props.title })} size="small">
                <MoreHorizontal size={16} aria-hidden />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => toggleFullScreen(figure.current)}>{t("fullScreen")}</MenuItem>
            <MenuItem onSelect={() => setAsTable(!asTable)}>
              {asTable ? t("viewAsChart") : t("viewAsTable")}
            </MenuItem>
          </Menu>
        }
        legend={
          <Legend
            timesMs={timesMs}
            series={series}
            valueLabel={valueLabel}
            server={props.server}
            stale={stale}
          />
        }
      >
        <div className="relative size-full" style={{ minHeight: props.height ?? 176 }}>
          {asTable ? (
            <ChartTable title={props.title} timesMs={timesMs} series={series} valueLabel={valueLabel} />
          ) : (
            <CrosshairKeys
              name={t("name", {
                title: props.title,
                from: format.clock(fromMs),
                to: format.clock(toMs),
                latest,
              })}
              timesMs={timesMs}
              describe={(index) =>
                t("at", {
                  time: format.clock(timesMs[index]),
                  values: series
                    .map((one) =>
                      t("seriesValue", { label: one.label, value: valueLabel(one.values[index] ?? null) }),
                    )
                    .join(", "),
                })
              }
            >
              <Plot
                {...placed}
                timesMs={timesMs}
                series={drawn}
                ticks={ticks}
                tickLabel={tickLabel}
                timeLabel={(at) => format.clock(at, { seconds: toMs - fromMs < 180_000 })}
                limits={covered ? noLimits : dividedLimits}
                bands={bands}
                markers={covered ? noMarkers : markers}
                stale={stale}
              />
              {!covered && <EventLane {...placed} markers={markers} />}
              <TimeChip {...placed} label={(at) => format.clock(at)} />
              {stale && <NoSamples band={bands.at(-1)} placed={placed} />}
            </CrosshairKeys>
          )}
        </div>
      </Panel>
    </div>
  );
}

function NoSamples(props: {
  band: ChartBand | undefined;
  placed: { fromMs: number; toMs: number; axisWidth: number };
}) {
  const t = useTranslations("common.panel");
  const { fromMs, toMs, axisWidth } = props.placed;
  if (props.band?.kind !== "no_samples") return null;
  const share = Math.max(0, (props.band.fromMs - fromMs) / (toMs - fromMs));
  if (share > 0.75) return null;
  return (
    <span
      style={{
        left: `calc(${axisWidth}px + (100% - ${axisWidth + rightPadding}px) * ${share})`,
        right: rightPadding,
        top: laneHeight,
        bottom: axisHeight,
      }}
      className="pointer-events-none absolute flex items-center justify-center text-axis text-text-3"
    >
      <span className="bg-bg px-1">{t("noSamples")}</span>
    </span>
  );
}

/** Makes the crosshair a slider over the samples, for the keyboard and screen readers. */
function CrosshairKeys(props: {
  name: string;
  timesMs: readonly number[];
  describe: (index: number) => string;
  children: ReactNode;
}) {
  const { timeMs } = useCrosshair();
  const last = Math.max(0, props.timesMs.length - 1);
  const index = timeMs === null ? null : nearestIndex(props.timesMs, timeMs);
  function onKeyDown(event: KeyboardEvent): void {
    const step = event.shiftKey ? 10 : 1;
    const from = index ?? last;
    const to =
      event.key === "ArrowLeft"
        ? from - step
        : event.key === "ArrowRight"
          ? from + step
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? last
              : null;
    if (event.key === "Escape" && timeMs !== null) {
      event.stopPropagation();
      crosshair.clear();
    }
    if (to === null) return;
    event.preventDefault();
    const next = props.timesMs[Math.min(last, Math.max(0, to))];
    if (next !== undefined) crosshair.move(next);
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={props.name}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={index ?? last}
      aria-valuetext={index === null ? props.name : props.describe(index)}
      onKeyDown={onKeyDown}
      className="absolute inset-0 rounded-badge"
    >
      {props.children}
    </div>
  );
}

function largest(series: readonly ChartSeries[], limits: readonly ChartLimit[]): number {
  let max = 0;
  for (const one of series) for (const value of one.values) if (value !== null && value > max) max = value;
  for (const limit of limits) if (limit.value * 1.04 > max) max = limit.value * 1.04;
  return max;
}

const emptied = (series: readonly ChartSeries[]): ChartSeries[] =>
  series.map((one) => ({ ...one, values: one.values.map(() => null) }));

function lastSampleMs(timesMs: readonly number[], series: readonly ChartSeries[]): number | null {
  for (let i = timesMs.length - 1; i >= 0; i--) {
    if (series.some((one) => one.values[i] != null)) return timesMs[i] ?? null;
  }
  return timesMs[0] ?? null;
}

function toggleFullScreen(element: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void element?.requestFullscreen();
}
