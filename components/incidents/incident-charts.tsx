"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { ConnectionsChart, LatencyChart, QueueChart } from "./frozen-charts";

/** Three charts in a row; on a phone one at a time, by swiping or with the arrows. */
export function IncidentCharts({ serverId }: { serverId: string | null }) {
  return (
    <ChartRow>
      <LatencyChart serverId={serverId} />
      <ConnectionsChart serverId={serverId} />
      <QueueChart serverId={serverId} />
    </ChartRow>
  );
}

function ChartRow({ children }: { children: readonly ReactNode[] }) {
  const t = useTranslations("incidents.chart");
  const row = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState(0);
  const count = children.length;
  const go = (to: number) => {
    const element = row.current;
    element?.scrollTo({ left: to * element.clientWidth, behavior: "smooth" });
  };
  return (
    <div className="relative border-b">
      <div
        ref={row}
        onScroll={({ currentTarget }) =>
          setIndex(Math.round(currentTarget.scrollLeft / Math.max(1, currentTarget.clientWidth)))
        }
        className="flex snap-x snap-mandatory overflow-x-auto md:grid md:grid-cols-3 md:overflow-visible"
      >
        {children.map((chart, i) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the charts never change places
            key={i}
            className="min-w-0 shrink-0 basis-full snap-start md:border-r md:last:border-r-0"
          >
            {chart}
          </div>
        ))}
      </div>
      <div className="flex items-center justify-center gap-2 pb-1 text-label text-text-2 md:hidden">
        <IconButton label={t("previous")} disabled={index === 0} onClick={() => go(index - 1)}>
          <ChevronLeft size={16} aria-hidden />
        </IconButton>
        <span className="figures">{t("count", { index: index + 1, count })}</span>
        <IconButton label={t("next")} disabled={index === count - 1} onClick={() => go(index + 1)}>
          <ChevronRight size={16} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
