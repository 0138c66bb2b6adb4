"use client";

import { Snowflake } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { PublicView, Redaction } from "@/lib/contract/console-api";
import { useStoredWindow } from "./use-stored-window";

const parts: readonly (keyof Redaction)[] = ["clientIps", "userNames", "serverNames", "notes"];

/** Which seconds are shown, until when the link opens, and what was left out: that, not what it said. */
export function PublicBanner({ view }: { view: PublicView }) {
  const t = useTranslations("share.public");
  const format = useFormat();
  const words = useStoredWindow();
  const snapshot = view.snapshot ?? view.incident?.snapshot ?? null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-b bg-accent-tint px-4 py-2 text-label sm:px-6">
      <Snowflake size={14} className="shrink-0 text-accent" aria-hidden />
      {snapshot && (
        <span className="font-semibold">
          {t("frozenCopy", words({ ...snapshot, stepMs: snapshot.samples.stepMs }))}
        </span>
      )}
      <span className="text-text-2">{t("expires", { time: format.dateTime(view.expiresAtMs) })}</span>
      {parts
        .filter((part) => view.redaction[part])
        .map((part) => (
          <span key={part} className="text-text-2">
            {t(`hidden.${part}`)}
          </span>
        ))}
    </div>
  );
}
