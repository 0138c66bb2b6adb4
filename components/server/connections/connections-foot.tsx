"use client";

import { useTranslations } from "next-intl";
import { Kbd } from "@/components/ui/badge";
import { useFormat } from "@/components/ui/use-format";
import { pageRows } from "./connection-filter";
import { refreshMs } from "./use-connection-pages";

/** Which rows are on screen, of how many, and how old they are. */
export function ConnectionsFoot(props: {
  first: number;
  last: number;
  total: number | null;
  missingWorkers: readonly string[];
  readAtMs: number | null;
  live: boolean;
  onHome: () => void;
  onEnd: () => void;
}) {
  const t = useTranslations("connections");
  const format = useFormat();
  const { total } = props;
  return (
    <div className="figures flex h-[30px] shrink-0 items-center gap-4 overflow-hidden whitespace-nowrap border-y px-5 text-label text-text-2">
      <span>
        {total !== null && total > 0 && t("range", { from: props.first + 1, to: props.last + 1, total })}
      </span>
      {total !== null && total > pageRows && (
        <span className="max-md:hidden">{t("pages", { size: pageRows })}</span>
      )}
      {props.missingWorkers.length > 0 && (
        <span className="text-warn">{t("missingWorkers", { workers: props.missingWorkers.join(", ") })}</span>
      )}
      <span className="ml-auto flex items-center gap-3">
        {props.readAtMs !== null && (
          <span className="max-sm:hidden">
            {props.live
              ? t("refreshed", { time: format.clock(props.readAtMs), seconds: refreshMs / 1_000 })
              : t("readAt", { time: format.clock(props.readAtMs) })}
          </span>
        )}
        <button type="button" onClick={props.onHome} aria-label={t("home")} title={t("home")}>
          <Kbd>Home</Kbd>
        </button>
        <button type="button" onClick={props.onEnd} aria-label={t("end")} title={t("end")}>
          <Kbd>End</Kbd>
        </button>
      </span>
    </div>
  );
}
