"use client";

import { Snowflake } from "lucide-react";
import { useTranslations } from "next-intl";
import { useStoredWindow } from "./use-stored-window";

/** Says of which samples the charts beside it are a copy. */
export function StorageNote(props: { fromMs: number; toMs: number; stepMs: number }) {
  const t = useTranslations("share.snapshot");
  const words = useStoredWindow();
  return (
    <p className="flex items-start gap-2 text-label text-text-2">
      <Snowflake size={14} className="mt-px shrink-0" aria-hidden />
      <span>{t("stored", words(props))}</span>
    </p>
  );
}
