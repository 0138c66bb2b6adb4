"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/ui/use-format";
import { useConsoleNow } from "@/lib/live/live-context";

/** The console's time, not this machine's: UTC, and local on a click. */
export function Clock() {
  const t = useTranslations();
  const format = useFormat();
  const now = useConsoleNow(1_000);
  const [local, setLocal] = useState(false);
  const time = format.clock(now, { local });
  return (
    <button
      type="button"
      onClick={() => setLocal(!local)}
      aria-label={t(local ? "shell.clock.toUtc" : "shell.clock.toLocal", { time })}
      className="figures h-8 whitespace-nowrap rounded-control px-1.5 text-label text-text-2 hover:bg-surface-2"
    >
      {t(local ? "common.units.local" : "common.units.utc", { time })}
    </button>
  );
}
