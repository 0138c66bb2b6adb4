"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useFormat } from "@/components/ui/use-format";

/** UTC by this machine's clock, since nobody is signed in to ask the console's. */
export function LoginClock({ atMs }: { atMs: number }) {
  const t = useTranslations("common.units");
  const format = useFormat();
  const [now, setNow] = useState(atMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <time className="figures">{t("utc", { time: format.clock(now) })}</time>;
}
