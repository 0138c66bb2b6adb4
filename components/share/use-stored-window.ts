"use client";

import { useLocale, useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";

/** Words of a stored window: the clock at both ends, the day of the last, and the time between samples. */
export function useStoredWindow(): (window: { fromMs: number; toMs: number; stepMs: number }) => {
  from: string;
  to: string;
  date: string;
  step: string;
} {
  const format = useFormat();
  const units = useTranslations("common.units");
  const locale = useLocale();
  // English dates read day first, as everywhere in the console.
  const days = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return ({ fromMs, toMs, stepMs }) => ({
    from: format.clock(fromMs),
    to: format.clock(toMs),
    date: days.format(toMs),
    step:
      stepMs < 1_000
        ? units("millisecond", { value: format.number(stepMs) })
        : units("second", { value: format.compact(stepMs / 1_000) }),
  });
}
