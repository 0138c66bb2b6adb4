"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { Action, TimelineEntry } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";
import { useServerName } from "./server-names";

const compared: readonly MetricName[] = [
  "push_latency_p99_ms",
  "queue_messages",
  "active_connections",
  "rss_bytes",
];

/** Figures before and after the newest action that was carried out. */
export function WhatWorked({ timeline }: { timeline: readonly TimelineEntry[] }) {
  const t = useTranslations("incidents.page");
  const common = useTranslations("common.action");
  const names = useTranslations("metrics");
  const format = useFormat();
  const nameOf = useServerName();
  const action = newestMeasured(timeline);
  if (!action) return null;
  const after = action.settled ?? action.after ?? {};
  const rows = compared.filter((name) => action.before[name] != null && after[name] != null);
  if (rows.length === 0) return null;
  return (
    <section className="border-t px-5 py-3">
      <h2 className="text-lead font-semibold">{t("worked")}</h2>
      <p className="mt-0.5 text-label text-text-2">
        {t("workedFor", {
          number: action.number,
          action: common(action.kind),
          server: nameOf(action.serverId),
        })}
      </p>
      <table className="mt-1 w-full border-separate border-spacing-0">
        <thead>
          <tr className="text-label text-text-2">
            <td className="border-b py-1" />
            <th scope="col" className="border-b py-1 text-right font-normal">
              {t("workedBefore")}
            </th>
            <td className="w-7 border-b" />
            <th scope="col" className="border-b py-1 text-right font-normal">
              {t(action.settled ? "workedSettled" : "workedAfter")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((name) => (
            <tr key={name}>
              <th scope="row" className="border-b py-1.5 text-left font-normal text-text-2">
                {names(name)}
              </th>
              <td className="border-b py-1.5 text-right text-text-2">
                {format.metricText(name, action.before[name])}
              </td>
              <td aria-hidden className="border-b text-center text-text-3">
                →
              </td>
              <td className="border-b py-1.5 text-right font-semibold">
                {format.metricText(name, after[name])}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function newestMeasured(timeline: readonly TimelineEntry[]): Action | null {
  for (const { action } of timeline) {
    if (action && (action.state === "succeeded" || action.state === "partial") && action.after) return action;
  }
  return null;
}
