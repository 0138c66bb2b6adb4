"use client";

import { useTranslations } from "next-intl";
import { Tag } from "@/components/ui/badge";
import { Status } from "@/components/ui/status";
import type { ReloadResult } from "@/lib/contract/service-api";
import { configValue } from "./config-value";

/** What the file on disk would change, or why it can't be read. */
export function ReloadDiff({ result }: { result: ReloadResult | null }) {
  const t = useTranslations("actions.reload");
  if (!result) return <h3 className="font-semibold">{t("title")}</h3>;
  return (
    <>
      <div className="flex items-center gap-3">
        <h3 className="font-semibold">{t("title")}</h3>
        <Status kind={result.valid ? "ok" : "crit"} className="text-label">
          {result.valid ? t("valid") : t("invalid", { count: result.mistakes.length })}
        </Status>
      </div>
      <p className="truncate text-label text-text-2" title={result.file ?? undefined}>
        {result.file === null ? t("noFile") : t("file", { file: result.file })}
      </p>
      {!result.valid && <Mistakes result={result} />}
      {result.valid && result.changes.length === 0 && <p className="mt-2">{t("noChanges")}</p>}
      {result.changes.length > 0 && <Changes result={result} />}
    </>
  );
}

function Changes({ result }: { result: ReloadResult }) {
  const t = useTranslations("actions.reload");
  return (
    <ul className="mono mt-2 max-h-64 overflow-y-auto rounded-control border py-1.5 text-label">
      {result.changes.map((change) => (
        <li key={change.key} className="not-last:mb-1.5">
          <div className="flex items-center gap-2 px-3">
            <span className="min-w-0 truncate" title={change.key}>
              {change.key}
            </span>
            <Tag className="ml-auto font-sans">{change.hot ? t("hot") : t("needsRestart")}</Tag>
          </div>
          <p className="break-all bg-crit-tint px-3">
            <span className="sr-only">{t("before")}</span>
            <span aria-hidden className="text-crit">
              −{" "}
            </span>
            {configValue(change.before)}
          </p>
          <p className="break-all bg-ok-tint px-3">
            <span className="sr-only">{t("after")}</span>
            <span aria-hidden className="text-ok">
              +{" "}
            </span>
            {configValue(change.after)}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Mistakes({ result }: { result: ReloadResult }) {
  const t = useTranslations("actions.reload");
  return (
    <ul className="mt-2 flex flex-col gap-2">
      {result.mistakes.map((mistake) => (
        <li
          key={`${mistake.file} ${mistake.line} ${mistake.key} ${mistake.message}`}
          className="rounded-control bg-crit-tint px-3 py-1.5"
        >
          <p className="font-medium">
            {mistake.key !== null && <span className="mono">{mistake.key}: </span>}
            {mistake.message}
          </p>
          <p className="text-label text-text-2">
            {mistake.line === null
              ? t("expected", { expected: mistake.expected })
              : t("expectedAt", { line: mistake.line, expected: mistake.expected })}
          </p>
        </li>
      ))}
    </ul>
  );
}
