"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Children, isValidElement, type ReactNode, useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";

const grids = {
  four: "md:grid-cols-2 xl:grid-cols-4",
  three: "md:grid-cols-2 xl:grid-cols-3",
} as const;

/** Charts side by side, parted by hairlines; on a phone one at a time, by swipe, arrows or dots. */
export function ChartStrip(props: { label: string; columns: keyof typeof grids; children: ReactNode }) {
  const t = useTranslations("common.chart");
  const strip = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const charts = Children.toArray(props.children).filter((child) => isValidElement(child));

  useEffect(() => {
    const element = strip.current;
    if (!element) return;
    const onScroll = () => setAt(Math.round(element.scrollLeft / Math.max(1, element.clientWidth)));
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, []);

  function show(index: number): void {
    const element = strip.current;
    element?.scrollTo({ left: index * element.clientWidth, behavior: "smooth" });
  }

  return (
    <section aria-label={props.label} className="shrink-0 border-b">
      <div
        ref={strip}
        className={`flex snap-x snap-mandatory overflow-x-auto [scrollbar-width:none] md:grid md:gap-px md:overflow-hidden md:bg-line ${grids[props.columns]}`}
      >
        {charts.map((chart) => (
          <div key={chart.key} className="w-full min-w-0 shrink-0 snap-start md:w-auto">
            {chart}
          </div>
        ))}
      </div>
      <div className="flex items-center justify-center gap-1 pb-1 md:hidden">
        <IconButton label={t("previous")} disabled={at === 0} onClick={() => show(at - 1)}>
          <ChevronLeft size={16} aria-hidden />
        </IconButton>
        {charts.map((chart, i) => (
          <button
            key={chart.key}
            type="button"
            aria-label={t("page", { number: i + 1, count: charts.length })}
            aria-current={i === at ? "true" : undefined}
            onClick={() => show(i)}
            className="flex size-6 items-center justify-center"
          >
            <span className={`size-1.5 rounded-full ${i === at ? "bg-text-1" : "bg-control"}`} />
          </button>
        ))}
        <IconButton label={t("next")} disabled={at === charts.length - 1} onClick={() => show(at + 1)}>
          <ChevronRight size={16} aria-hidden />
        </IconButton>
      </div>
    </section>
  );
}
