"use client";

import { useTranslations } from "next-intl";
import { TimeSeries } from "@/components/charts/time-series";
import { useChartMarkers } from "@/components/charts/use-chart-markers";
import { useFormat } from "@/components/ui/use-format";
import type { MetricName, SeriesKey } from "@/lib/contract/metrics";
import { type Series, useSeries } from "@/lib/live/live-context";

interface FrozenChartProps {
  /** null for the whole fleet. */
  serverId: string | null;
  height?: number;
}

const keyOf = (serverId: string | null): SeriesKey => (serverId === null ? "fleet" : `server:${serverId}`);

export function LatencyChart({ serverId, height }: FrozenChartProps) {
  const t = useTranslations("incidents.chart");
  const format = useFormat();
  const { timesMs, values } = useSeries(keyOf(serverId), [
    "push_latency_p50_ms",
    "push_latency_p95_ms",
    "push_latency_p99_ms",
  ]);
  return (
    <TimeSeries
      title={t("latency")}
      unit="ms"
      valueLabel={(value) => format.milliseconds(value).value}
      height={height}
      timesMs={timesMs}
      server={serverId ?? "fleet"}
      markers={useChartMarkers(serverId ?? undefined)}
      series={[
        { label: "p50", colour: "p50", metric: "push_latency_p50_ms", values: values.push_latency_p50_ms },
        { label: "p95", colour: "p95", metric: "push_latency_p95_ms", values: values.push_latency_p95_ms },
        { label: "p99", colour: "p99", metric: "push_latency_p99_ms", values: values.push_latency_p99_ms },
      ]}
    />
  );
}

export function ConnectionsChart({ serverId, height }: FrozenChartProps) {
  const t = useTranslations("incidents.chart");
  const format = useFormat();
  // The fleet's columns hold zombies and not who is idle.
  const quiet = serverId === null ? "zombie_connections" : "idle_connections";
  const { timesMs, values } = useSeries(keyOf(serverId), ["active_connections", "max_connections", quiet]);
  const max = newest(values, "max_connections");
  return (
    <TimeSeries
      title={t("connections")}
      height={height}
      timesMs={timesMs}
      server={serverId ?? "fleet"}
      markers={useChartMarkers(serverId ?? undefined)}
      limits={
        max === null ? [] : [{ value: max, kind: "hard", label: t("max", { value: format.compact(max) }) }]
      }
      series={[
        { label: t("open"), metric: "active_connections", values: values.active_connections },
        { label: t(quiet === "idle_connections" ? "idle" : "zombie"), metric: quiet, values: values[quiet] },
      ]}
    />
  );
}

export function QueueChart({ serverId, height }: FrozenChartProps) {
  const t = useTranslations("incidents.chart");
  const { timesMs, values } = useSeries(keyOf(serverId), ["queue_messages"]);
  return (
    <TimeSeries
      title={t("queue")}
      unit={t("messages")}
      height={height}
      timesMs={timesMs}
      server={serverId ?? "fleet"}
      markers={useChartMarkers(serverId ?? undefined)}
      series={[{ label: t("queued"), metric: "queue_messages", values: values.queue_messages }]}
    />
  );
}

function newest<M extends MetricName>(values: Series<M>["values"], name: M): number | null {
  return values[name].findLast((value) => value !== null) ?? null;
}
