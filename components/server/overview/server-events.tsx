"use client";

import { useTranslations } from "next-intl";
import { useActionWords } from "@/components/actions/use-action-words";
import { useFormat } from "@/components/ui/use-format";
import type { Action } from "@/lib/contract/console-api";
import { useScene } from "@/lib/live/live-context";

const shownEvents = 8;

/** Actions of the window, newest first, under the numbers that they have in the charts. */
export function ServerEvents({ actions }: { actions: readonly Action[] }) {
  const t = useTranslations("server.events");
  const common = useTranslations("common");
  const words = useActionWords();
  const format = useFormat();
  const { windowEndMs, rangeMs, frozen } = useScene();
  const fromMs = windowEndMs - rangeMs;
  const inWindow = actions.filter((action) => action.startedAtMs > fromMs);
  return (
    <section aria-label={t("title")} className="px-5 py-3">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <h2 className="font-semibold">{t("title")}</h2>
        <span className="figures text-label text-text-2">
          {frozen
            ? t("frozenWindow", { from: format.clock(fromMs), to: format.clock(windowEndMs) })
            : t("window", { age: common("units.minute", { value: Math.round(rangeMs / 60_000) }) })}
        </span>
      </div>
      {inWindow.length === 0 && <p className="text-text-2">{t("none")}</p>}
      <ol className="mt-1 flex flex-col gap-2.5">
        {inWindow.slice(0, shownEvents).map((action) => (
          <li key={action.id} className="flex gap-3">
            <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-bar bg-text-1 text-tiny font-bold text-bg">
              {action.number}
            </span>
            <time className="figures text-text-2" dateTime={new Date(action.startedAtMs).toISOString()}>
              {format.clock(action.startedAtMs)}
            </time>
            <div className="min-w-0 flex-1">
              <p className="font-medium">{common(`action.${action.kind}`)}</p>
              <p className="text-label text-text-2">{t("by", { name: action.by, text: words(action) })}</p>
            </div>
          </li>
        ))}
      </ol>
      {inWindow.length > shownEvents && (
        <p className="mt-2 text-label text-text-2">{t("more", { count: inWindow.length - shownEvents })}</p>
      )}
    </section>
  );
}
