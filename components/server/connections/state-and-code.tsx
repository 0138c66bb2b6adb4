"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/ui/use-format";
import { connectionStates } from "@/lib/contract/connection-fields";
import type { ServerDetail } from "@/lib/contract/console-api";
import type { ConnectionState } from "@/lib/contract/service-api";

/** How many connections are in which state. */
export function ByState(props: {
  counts: ServerDetail["byState"];
  /** Lists those of one state; null where nothing can be chosen. */
  onChoose: ((state: ConnectionState) => void) | null;
}) {
  const { counts, onChoose } = props;
  const t = useTranslations("connections.byState");
  const format = useFormat();
  return (
    <section aria-label={t("title")} className="px-5 py-3">
      <h2 className="min-h-6 font-semibold">{t("title")}</h2>
      {!counts && <p className="text-text-2">{t("unknown")}</p>}
      <dl>
        {counts &&
          connectionStates.map((state) => (
            <Line
              key={state}
              name={
                onChoose ? (
                  <button
                    type="button"
                    onClick={() => onChoose(state)}
                    className="min-h-6 rounded-badge text-left hover:underline"
                  >
                    {t(state)}
                  </button>
                ) : (
                  t(state)
                )
              }
              value={format.number(counts[state])}
              warn={(state === "half_open" || state === "slow") && counts[state] > 0}
            />
          ))}
      </dl>
    </section>
  );
}

const shownCodes = 8;

/** Closes since the service started, by code. */
export function ByCode({ counts }: { counts: ServerDetail["closedByCode"] }) {
  const t = useTranslations("connections.byCode");
  const format = useFormat();
  const codes = Object.entries(counts ?? {})
    .sort((a, b) => b[1] - a[1])
    .slice(0, shownCodes);
  const words = (code: string) => {
    const key = `code.${code}` as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : t("code.other");
  };
  return (
    <section aria-label={t("title")} className="px-5 py-3">
      <div className="flex min-h-6 items-center justify-between">
        <h2 className="font-semibold">{t("title")}</h2>
        <span className="text-label text-text-2">{t("unit")}</span>
      </div>
      {codes.length === 0 && <p className="text-text-2">{t("none")}</p>}
      <dl>
        {codes.map(([code, count]) => (
          <Line
            key={code}
            name={
              <>
                <span className="mono text-label">{code}</span>
                <span className="ml-2">{words(code)}</span>
              </>
            }
            value={format.number(count)}
            warn={code === "1006"}
          />
        ))}
      </dl>
    </section>
  );
}

function Line({ name, value, warn }: { name: ReactNode; value: string; warn: boolean }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-3 border-b">
      <dt className="min-w-0 truncate">{name}</dt>
      <dd className={`figures m-0 ${warn ? "font-semibold text-warn" : ""}`}>{value}</dd>
    </div>
  );
}
