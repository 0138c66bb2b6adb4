"use client";

import { useTranslations } from "next-intl";
import { ChartStrip } from "@/components/charts/chart-strip";
import { TimeSeries } from "@/components/charts/time-series";
import { useChartMarkers } from "@/components/charts/use-chart-markers";
import { useFormat } from "@/components/ui/use-format";
import type { ServerSummary } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";
import { useSeries } from "@/lib/live/live-context";
import { useHardLimit, useThresholds } from "./use-limits";
import { useServerPanelState } from "./use-server-panel-state";

const plotted = [
  "active_connections",
  "idle_connections",
  "push_latency_p50_ms",
  "push_latency_p95_ms",
  "push_latency_p99_ms",
  "queue_messages",
  "messages_dropped_per_second",
  "rss_bytes",
  "heap_used_bytes",
  "messages_out_per_second",
  "messages_in_per_second",
  "cpu_cores",
  "gc_share",
] as const satisfies MetricName[];

const noLimits: never[] = [];

/** Six charts over one window with one crosshair; on a phone one at a time. */
export function ServerCharts({ server }: { server: ServerSummary }) {
  const t = useTranslations("server.charts");
  const format = useFormat();
  const { timesMs, values } = useSeries(`server:${server.id}`, plotted);
  const markers = useChartMarkers(server.id);
  const state = useServerPanelState(server);
  const { latest } = server;

  const max = latest.max_connections;
  const maxLine = useHardLimit(max, t("max", { value: format.number(max) }));
  const latencyLines = useThresholds("push_latency_p99_ms", latest, (value) => format.number(value));
  const queueLines = useThresholds("queue_messages", latest, (value) => format.compact(value));
  const cpuLines = useThresholds("cpu_cores", latest, (value) => format.number(value, 2), "warn");
  const memory = memoryScale(
    Math.max(latest.memory_limit_bytes ?? 0, latest.rss_bytes ?? 0),
    values.rss_bytes,
  );
  const memoryLine = useHardLimit(
    memory.showLimit ? latest.memory_limit_bytes : null,
    t("limit", { value: format.bytesText(latest.memory_limit_bytes) }),
  );

  const common = { timesMs, markers, state, server: server.id };
  const decimal = (value: number | null) =>
    value === null ? format.missing : format.number(value, value < 10 ? 1 : 0);
  return (
    <ChartStrip label={t("label")} columns="three">
      <TimeSeries
        {...common}
        title={t("connections")}
        series={[
          {
            label: t("open"),
            values: values.active_connections,
            metric: "active_connections",
            area: maxLine.length > 0,
          },
          { label: t("idle"), values: values.idle_connections, metric: "idle_connections" },
        ]}
        limits={maxLine}
      />
      <TimeSeries
        {...common}
        title={t("latency")}
        unit="ms"
        series={[
          {
            label: "p50",
            values: values.push_latency_p50_ms,
            metric: "push_latency_p50_ms",
            colour: "p50",
          },
          {
            label: "p95",
            values: values.push_latency_p95_ms,
            metric: "push_latency_p95_ms",
            colour: "p95",
          },
          {
            label: "p99",
            values: values.push_latency_p99_ms,
            metric: "push_latency_p99_ms",
            colour: "p99",
          },
        ]}
        valueLabel={decimal}
        limits={latencyLines}
      />
      <TimeSeries
        {...common}
        title={t("queue")}
        unit={t("queueUnit")}
        series={[
          { label: t("queued"), values: values.queue_messages, metric: "queue_messages" },
          {
            label: t("dropped"),
            values: values.messages_dropped_per_second,
            metric: "messages_dropped_per_second",
          },
        ]}
        limits={queueLines}
      />
      <TimeSeries
        {...common}
        title={t("memory")}
        unit={memory.unit}
        divide={memory.divide}
        series={[
          { label: t("rss"), values: values.rss_bytes, metric: "rss_bytes", area: memory.showLimit },
          { label: t("heap"), values: values.heap_used_bytes, metric: "heap_used_bytes" },
        ]}
        valueLabel={(value) => format.number(value, value !== null && value >= 100 ? 0 : 2)}
        limits={memoryLine}
      />
      <TimeSeries
        {...common}
        title={t("messages")}
        unit={t("messagesUnit")}
        series={[
          {
            label: t("out"),
            values: values.messages_out_per_second,
            metric: "messages_out_per_second",
          },
          { label: t("in"), values: values.messages_in_per_second, metric: "messages_in_per_second" },
        ]}
        limits={noLimits}
      />
      <TimeSeries
        {...common}
        title={t("cpu")}
        unit={t("cpuUnit")}
        series={[
          { label: t("process"), values: values.cpu_cores, metric: "cpu_cores" },
          { label: t("gc"), values: values.gc_share, metric: "gc_share" },
        ]}
        valueLabel={(value) => format.number(value, 2)}
        tickLabel={(value) => format.compact(value, 2)}
        limits={cpuLines}
      />
    </ChartStrip>
  );
}

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/**
 * The unit of the memory chart. A limit that is many times what is used would press the lines flat, so it is
 * drawn only when at least a twentieth of it is in use; the strip names it always.
 */
function memoryScale(limit: number, rss: readonly (number | null)[]) {
  let most = 0;
  for (const value of rss) if (value !== null && value > most) most = value;
  const showLimit = most >= limit / 20;
  const top = showLimit ? limit : most;
  return top >= gibibyte
    ? { unit: "GiB", divide: gibibyte, showLimit }
    : { unit: "MiB", divide: mebibyte, showLimit };
}
