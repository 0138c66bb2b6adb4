"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { ChartLimit } from "@/components/charts/chart-model";
import type { MetricName } from "@/lib/contract/metrics";
import { thresholdOf, type Values } from "@/lib/health";

/** The line where a metric degrades a server, and the one where it makes it critical. */
export function useThresholds(
  metric: MetricName,
  latest: Values,
  label: (value: number) => string,
  word: "limit" | "warn" = "limit",
): ChartLimit[] {
  const t = useTranslations("server.charts");
  const { soft, hard } = thresholdOf(metric, latest);
  const softLabel = soft === null ? "" : t(word, { value: label(soft) });
  const hardLabel = hard === null ? "" : t("limit", { value: label(hard) });
  return useMemo(() => {
    const limits: ChartLimit[] = [];
    if (soft !== null) limits.push({ value: soft, kind: "soft", label: softLabel });
    if (hard !== null) limits.push({ value: hard, kind: "hard", label: hardLabel });
    return limits;
  }, [soft, hard, softLabel, hardLabel]);
}

/** The hard limit itself, where the server tells it. */
export function useHardLimit(value: number | null | undefined, label: string): ChartLimit[] {
  return useMemo(() => (value ? [{ value, kind: "hard", label }] : []), [value, label]);
}
