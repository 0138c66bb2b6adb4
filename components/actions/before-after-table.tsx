"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { Action } from "@/lib/contract/console-api";
import type { MetricName } from "@/lib/contract/metrics";

const compared: Record<Action["kind"], readonly MetricName[]> = {
  "cleanup-connections": [
    "push_latency_p99_ms",
    "queue_messages",
    "active_connections",
    "idle_connections",
    "rss_bytes",
  ],
  "force-gc": ["push_latency_p99_ms", "heap_used_bytes", "rss_bytes", "cpu_cores", "queue_messages"],
  "reload-config": ["push_latency_p99_ms", "queue_messages", "active_connections", "rss_bytes", "cpu_cores"],
};

type Reading = Action["before"];

/**
 * Figures before the action beside those five minutes after it, or until then those of now (`latest`), or,
 * where there is no now, those right after.
 */
export function BeforeAfterTable(props: { action: Action; latest: Reading | null }) {
  const t = useTranslations("actions.table");
  const names = useTranslations("metrics");
  const format = useFormat();
  const { action } = props;
  const settled = action.settled && Object.keys(action.settled).length > 0 ? action.settled : null;
  const after = settled ?? props.latest ?? action.after;
  const head = settled ? t("settled") : props.latest ? t("now") : t("after");
  return (
    <table className="w-full border-separate border-spacing-0">
      <thead>
        <tr className="text-label text-text-2 [&>*]:border-b [&>*]:py-1 [&>*]:font-normal">
          <th scope="col">
            <span className="sr-only">{t("figure")}</span>
          </th>
          <th scope="col" className="text-right">
            {t("before")}
          </th>
          <th scope="col" className="text-right">
            {head}
          </th>
        </tr>
      </thead>
      <tbody>
        {compared[action.kind].map((metric) => (
          <tr key={metric} className="[&>*]:border-b [&>*]:py-1">
            <th scope="row" className="text-left font-normal">
              {names(metric)}
            </th>
            <td className="whitespace-nowrap text-right text-text-2">
              {format.metricText(metric, action.before[metric])} <span aria-hidden>→</span>
            </td>
            <td className="whitespace-nowrap pl-2 text-right font-semibold">
              {format.metricText(metric, after?.[metric])}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
