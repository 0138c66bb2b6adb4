"use client";

import { useTranslations } from "next-intl";
import { Histogram } from "@/components/charts/histogram";
import { useFormat } from "@/components/ui/use-format";
import type { RecentlyClosed } from "@/lib/contract/console-api";
import { lifetimePeak } from "./lifetime-peak";

/** How long connections lived, and the lifetime at which too many end. */
export function LifetimeHistogram({ lifetimes }: { lifetimes: RecentlyClosed["lifetimes"] }) {
  const t = useTranslations("connections.closed");
  const units = useTranslations("common.units");
  const format = useFormat();
  const { bin_seconds: binSeconds, counts } = lifetimes;
  const closed = counts.slice(0, -1);
  const longer = counts.at(-1) ?? 0;
  const under = closed.reduce((sum, count) => sum + count, 0);
  const peak = lifetimePeak(counts);
  const seconds = (value: number) => units("second", { value: format.number(value) });
  const unit = {
    count: under,
    limit: seconds(closed.length * binSeconds),
    seconds: format.number(binSeconds),
  };
  return (
    <div className="min-w-0 border-t px-5 py-2">
      <h3 className="text-label">
        <span className="font-semibold">{t("lifetime")}</span>{" "}
        <span className="text-text-2">{t("lifetimeUnder", unit)}</span>
      </h3>
      {under + longer === 0 ? (
        <p className="py-6 text-center text-text-2">{t("emptyText")}</p>
      ) : (
        <Histogram
          label={t("lifetime")}
          height={190}
          valueLabel={(value) => format.compact(value)}
          bins={closed.map((value, i) => ({
            label: seconds(i * binSeconds),
            value,
            ...(i === peak
              ? {
                  tone: "warn" as const,
                  note: t("peak", { lifetime: seconds(i * binSeconds), count: value }),
                }
              : {}),
          }))}
        />
      )}
      <p className="flex flex-wrap gap-x-3 text-label text-text-2">
        {peak !== null && <span className="text-warn">{t("peakText")}</span>}
        {longer > 0 && <span>{t("longer", { count: longer })}</span>}
      </p>
    </div>
  );
}
