"use client";

import { Clock3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Sparkline } from "@/components/charts/sparkline";
import { useFormat } from "@/components/ui/use-format";
import type { ServerSummary } from "@/lib/contract/console-api";
import { breachOf, thresholdOf } from "@/lib/health";
import { useFreshness, useSeries } from "@/lib/live/live-context";

const trend = ["push_latency_p99_ms"] as const;

/** True for a server whose values are old: they are greyed, not coloured. */
export function isSilent(server: ServerSummary): boolean {
  return ["down", "hanging", "mismatch", "no_data"].includes(server.state);
}

export function toneOf(
  server: ServerSummary,
  metric: Parameters<typeof breachOf>[0],
): "warn" | "crit" | null {
  if (isSilent(server)) return null;
  const breach = breachOf(metric, server.latest);
  return breach === "hard" ? "crit" : breach === "soft" ? "warn" : null;
}

/** The server's push p99 over the window. */
export function LatencyTrend(props: { server: ServerSummary; stale: boolean; width?: number }) {
  const { server, width } = props;
  const stale = props.stale || isSilent(server);
  const { values } = useSeries(`server:${server.id}`, trend);
  const tone = stale ? null : toneOf(server, "push_latency_p99_ms");
  const { soft, hard } = thresholdOf("push_latency_p99_ms", server.latest);
  return (
    <Sparkline
      values={values.push_latency_p99_ms}
      tone={tone}
      limit={tone === "crit" ? hard : tone === "warn" ? soft : null}
      stale={stale}
      width={width}
    />
  );
}

/** "0.4 s", and with a clock and "ago" once it is old. */
export function SampleAge({ server }: { server: ServerSummary }) {
  const t = useTranslations("fleet.table");
  const format = useFormat();
  const { ageMs, stale } = useFreshness(server.id);
  if (ageMs === null) return <span className="text-text-3">{t("never")}</span>;
  if (!stale) return <>{format.duration(ageMs)}</>;
  return (
    <span className="inline-flex items-center gap-1.5 font-medium text-text-2">
      <Clock3 size={13} aria-hidden />
      {format.ago(ageMs)}
    </span>
  );
}
