"use client";

import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { StatusShape } from "@/components/ui/status-shape";
import { MessageRow } from "@/components/ui/table";
import { useFormat } from "@/components/ui/use-format";
import { failureCode } from "@/lib/query/fetch-json";
import { connectionColumns } from "./connection-columns";

/** An error or an emptiness as a row of its own; rows that were there stay below it. */
export function ListMessage(props: {
  error: unknown;
  /** Why the server tells nothing now; said at once, since its answer may be long in failing. */
  silence: string | null;
  readAtMs: number | null;
  empty: boolean;
  filtered: boolean;
  onRetry: () => void;
  onClear: () => void;
}) {
  const t = useTranslations("connections");
  const errors = useTranslations("errors");
  const common = useTranslations("common");
  const format = useFormat();
  if (props.error || props.silence !== null) {
    return (
      <MessageRow columns={connectionColumns.length}>
        <div
          role="alert"
          className="sticky left-5 flex w-fit max-w-[80vw] flex-wrap items-center gap-x-2 gap-y-1"
        >
          <StatusShape kind="down" />
          <strong className="font-semibold text-crit">{t("error.title")}</strong>
          <span>{props.silence ?? errors(failureCode(props.error))}</span>
          {props.readAtMs !== null && <span>{t("error.old", { time: format.clock(props.readAtMs) })}</span>}
          <Button size="small" icon={<RotateCw size={13} aria-hidden />} onClick={props.onRetry}>
            {common("retryNow")}
          </Button>
        </div>
      </MessageRow>
    );
  }
  if (!props.empty) return null;
  return (
    <MessageRow columns={connectionColumns.length}>
      <div className="sticky left-5 flex w-fit items-center gap-3">
        {props.filtered ? t("empty") : t("none")}
        {props.filtered && (
          <Button size="small" onClick={props.onClear}>
            {t("filter.clear")}
          </Button>
        )}
      </div>
    </MessageRow>
  );
}
