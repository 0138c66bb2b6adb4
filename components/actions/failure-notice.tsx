"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { StatusShape } from "@/components/ui/status-shape";
import { failureCode } from "@/lib/query/fetch-json";

/** What failed, in words, and a way on. */
export function FailureNotice(props: { error: unknown; title: string; onRetry?: () => void }) {
  const t = useTranslations();
  return (
    <div role="alert" className="flex items-start gap-2.5 rounded-control bg-crit-tint px-3 py-2">
      <StatusShape kind="down" size={12} className="mt-[3px]" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{props.title}</p>
        <p className="text-text-2">{t(`errors.${failureCode(props.error)}`)}</p>
      </div>
      {props.onRetry && (
        <Button size="small" onClick={props.onRetry}>
          {t("common.retryNow")}
        </Button>
      )}
    </div>
  );
}
