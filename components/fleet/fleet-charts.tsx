"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { ChartLimit, ChartSeries } from "@/components/charts/chart-model";
import { ChartStrip } from "@/components/charts/chart-strip";
import { TimeSeries } from "@/components/charts/time-series";
import { useChartMarkers } from "@/components/charts/use-chart-markers";
import { useLivePanelState } from "@/components/charts/use-live-panel-state";
import { useFormat } from "@/components/ui/use-format";
import type { SeriesKey } from "@/lib/contract/metrics";
import { thresholdOf } from "@/lib/health";
import { useFleet, useSeries, useSeriesOf } from "@/lib/live/live-context";

const mostLines = 6;
const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
const columns = [
  "push_latency_p50_ms",
  "push_latency_p95_ms",
  "push_latency_p99_ms",
  "rss_bytes",
  "heap_used_bytes",
  "messages_out_per_second",
  "messages_in_per_second",
] as const;

/** Four charts of the whole fleet under one crosshair; on a phone one at a time. */
export function FleetCharts() {
  const t = useTranslations("fleet.charts");
  const format = useFormat();
  const { timesMs, values } = useSeries("fleet", columns);
  const regions = useRegionSeries();
  const state = useLivePanelState();
  const markers = useChartMarkers();
  const limits = useLatencyLimits();
  const common = { timesMs, markers, state, server: "fleet", height: 166 };
  const large = (values.rss_bytes.findLast((value) => value !== null) ?? 0) >= gibibyte;
  const many = (values.messages_out_per_second.findLast((value) => value !== null) ?? 0) >= 10_000;
  const short = (value: number | null) =>
    value === null ? format.missing : format.number(value, value < 10 && value % 1 !== 0 ? 1 : 0);
  return (
    <ChartStrip label={t("label")} columns="four">
      <TimeSeries {...common} title={t("connections")} unit={t("byRegion")} series={regions} />
      <TimeSeries
        {...common}
        title={t("latency")}
        unit="ms"
        series={[
          { label: "p50", values: values.push_latency_p50_ms, colour: "p50", metric: "push_latency_p50_ms" },
          { label: "p95", values: values.push_latency_p95_ms, colour: "p95", metric: "push_latency_p95_ms" },
          { label: "p99", values: values.push_latency_p99_ms, colour: "p99", metric: "push_latency_p99_ms" },
        ]}
        limits={limits}
        valueLabel={short}
      />
      <TimeSeries
        {...common}
        title={t("memory")}
        unit={t("memoryUnit", { unit: large ? "GiB" : "MiB" })}
        divide={large ? gibibyte : mebibyte}
        series={[
          { label: t("rss"), values: values.rss_bytes, metric: "rss_bytes" },
          { label: t("heap"), values: values.heap_used_bytes, metric: "heap_used_bytes" },
        ]}
        valueLabel={(value) => format.number(value, large ? 2 : 0)}
      />
      <TimeSeries
        {...common}
        title={t("messages")}
        unit={many ? t("thousandPerSecond") : t("perSecond")}
        divide={many ? 1_000 : 1}
        series={[
          { label: t("out"), values: values.messages_out_per_second, metric: "messages_out_per_second" },
          { label: t("in"), values: values.messages_in_per_second, metric: "messages_in_per_second" },
        ]}
        valueLabel={(value) => (many ? format.number(value, 1) : short(value))}
      />
    </ChartStrip>
  );
}

/** At most six lines: the five largest regions and the rest as one. */
function useRegionSeries(): ChartSeries[] {
  const t = useTranslations("fleet.charts");
  const { aggregates } = useFleet();
  const joined = Object.keys(aggregates)
    .filter((key) => key.startsWith("region:"))
    .sort()
    .join("\n");
  const keys = useMemo(() => joined.split("\n").filter(Boolean) as SeriesKey[], [joined]);
  const { values } = useSeriesOf(keys, "active_connections");
  return useMemo(() => {
    const all = keys.map((key, i) => ({
      label: key.slice("region:".length),
      values: values[i] ?? [],
      metric: "active_connections" as const,
      server: key as string,
    }));
    if (all.length <= mostLines) return all;
    const last = (one: ChartSeries) => one.values.findLast((value) => value !== null) ?? 0;
    const ranked = [...all].sort((a, b) => last(b) - last(a));
    const shown = new Set(ranked.slice(0, mostLines - 1));
    const rest = ranked.slice(mostLines - 1);
    const sums = (rest[0]?.values ?? []).map((_, at) => {
      const told = rest.map((one) => one.values[at] ?? null).filter((value) => value !== null);
      return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0);
    });
    return [
      ...all.filter((one) => shown.has(one)),
      { label: t("other"), values: sums, colour: "other" as const },
    ];
  }, [keys, values, t]);
}

function useLatencyLimits(): ChartLimit[] {
  const t = useTranslations("fleet.charts");
  return useMemo(() => {
    const { soft, hard } = thresholdOf("push_latency_p99_ms", {});
    const limits: ChartLimit[] = [];
    if (soft !== null) limits.push({ value: soft, kind: "soft", label: t("limit", { value: soft }) });
    if (hard !== null) limits.push({ value: hard, kind: "hard", label: t("limit", { value: hard }) });
    return limits;
  }, [t]);
}
