"use client";

import { Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import { ActionBadge } from "@/components/actions/action-result";
import { BeforeAfterTable } from "@/components/actions/before-after-table";
import { useActionWords } from "@/components/actions/use-action-words";
import { useFormat } from "@/components/ui/use-format";
import type { Action, ServerSummary } from "@/lib/contract/console-api";
import { useConsoleNow, useScene } from "@/lib/live/live-context";

/** The newest action, with its figures before and after. */
export function LastAction({ action, server }: { action: Action | null; server: ServerSummary }) {
  const t = useTranslations("server.lastAction");
  const common = useTranslations("common");
  const words = useActionWords();
  const format = useFormat();
  const { frozen } = useScene();
  return (
    <section aria-label={t("title")} className="border-b px-5 py-3">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <h2 className="font-semibold">{t("title")}</h2>
        {action && <ActionBadge state={action.state} />}
      </div>
      {!action && <p className="text-text-2">{t("none")}</p>}
      {action && (
        <>
          <p className="mt-1 font-medium">{common(`action.${action.kind}`)}</p>
          <p className="text-label text-text-2">
            {t("text", { words: words(action), name: action.by, time: format.clock(action.startedAtMs) })}
          </p>
          {action.state !== "running" && (
            <div className="mt-1 text-label">
              <BeforeAfterTable action={action} latest={frozen ? null : server.latest} />
            </div>
          )}
          <Pending action={action} />
        </>
      )}
    </section>
  );
}

function Pending({ action }: { action: Action }) {
  const t = useTranslations("server.lastAction");
  const format = useFormat();
  const now = useConsoleNow();
  if (action.settlesAtMs === null || action.settled || action.settlesAtMs <= now) return null;
  return (
    <p className="figures mt-1.5 flex items-center gap-2 text-label text-text-2">
      <Timer size={13} aria-hidden />
      {t("pending", { age: format.duration(action.settlesAtMs - now) })}
    </p>
  );
}
