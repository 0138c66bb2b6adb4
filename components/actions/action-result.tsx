"use client";

import { Copy, Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { StatusKind } from "@/components/ui/status-shape";
import { showToast } from "@/components/ui/toast";
import { useFormat } from "@/components/ui/use-format";
import type { Action } from "@/lib/contract/console-api";
import { useConsoleNow } from "@/lib/live/live-context";
import { BeforeAfterTable } from "./before-after-table";
import { ReloadDiff } from "./reload-diff";
import { useActionWords } from "./use-action-words";

const badges: Record<Action["state"], StatusKind> = {
  running: "info",
  succeeded: "ok",
  partial: "warn",
  failed: "down",
};

export function ActionBadge({ state }: { state: Action["state"] }) {
  const t = useTranslations("common.actionState");
  return <Badge kind={badges[state]}>{t(state)}</Badge>;
}

export function ActionResultTitle({ action, serverName }: { action: Action; serverName: string }) {
  const t = useTranslations("actions");
  return (
    <>
      <ActionBadge state={action.state} />
      {t(`title.${action.kind}`, { server: serverName })}
    </>
  );
}

/** How long it took, or has been running. */
export function useActionDuration(action: Action | null): string {
  const format = useFormat();
  const now = useConsoleNow(500);
  if (!action) return "";
  return format.duration((action.finishedAtMs ?? Math.max(now, action.startedAtMs)) - action.startedAtMs);
}

/** The result: one sentence, before and now, and the countdown of the measurement. */
export function ActionResult({ action, latest }: { action: Action; latest: Action["before"] | null }) {
  const t = useTranslations("actions.result");
  const words = useActionWords();
  const share = action.total > 0 ? action.done / action.total : 0;
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{words(action)}</p>
      {action.state === "running" && action.kind === "cleanup-connections" && (
        <progress className="h-1 w-full accent-accent" value={share} max={1} aria-label={t("progress")} />
      )}
      {action.state !== "running" && action.state !== "failed" && action.cleanup && (
        <LeftOpen action={action} cleanup={action.cleanup} />
      )}
      {action.reload && !action.reload.valid && <ReloadDiff result={action.reload} />}
      {action.reload?.valid && action.reload.needs_restart.length > 0 && (
        <p className="text-text-2">
          {t("needsRestart")} <span className="mono">{action.reload.needs_restart.join(", ")}</span>
        </p>
      )}
      {action.state !== "running" && <BeforeAfterTable action={action} latest={latest} />}
      <Measurement action={action} />
    </div>
  );
}

function LeftOpen({ action, cleanup }: { action: Action; cleanup: NonNullable<Action["cleanup"]> }) {
  const t = useTranslations("actions.result");
  const asked = Math.min(cleanup.candidates.total, action.match?.max ?? Number.POSITIVE_INFINITY);
  const left = asked - cleanup.closed - cleanup.already_gone - cleanup.spared;
  if (action.state !== "partial" || left <= 0) return null;
  return <p className="text-warn">{t("left", { count: left })}</p>;
}

function Measurement({ action }: { action: Action }) {
  const t = useTranslations("actions.result");
  const format = useFormat();
  const now = useConsoleNow();
  if (action.settlesAtMs === null) return null;
  const leftMs = action.settlesAtMs - now;
  return (
    <p className="figures flex items-center gap-2 text-text-2">
      <Timer size={14} aria-hidden />
      {action.settled
        ? t("measured", { time: format.clock(action.settlesAtMs) })
        : t("measuring", { age: format.duration(Math.max(0, leftMs)) })}
    </p>
  );
}

export function ActionResultFooter(props: { action: Action; serverName: string; onDone: () => void }) {
  const t = useTranslations("actions.result");
  const common = useTranslations("common");
  const words = useActionWords();
  const format = useFormat();
  const { action, serverName } = props;
  const copy = async () => {
    const text = t("copyText", {
      what: common(`action.${action.kind}`),
      server: serverName,
      state: common(`actionState.${action.state}`),
      words: words(action),
      name: action.by,
      time: format.dateTime(action.startedAtMs, { seconds: true }),
      reason: action.reason,
      id: action.id,
    });
    try {
      await navigator.clipboard.writeText(text);
      showToast({ kind: "ok", title: t("copied"), text: t("copiedText") });
    } catch {
      showToast({ kind: "warn", title: t("notCopied"), text: t("notCopiedText") });
    }
  };
  return (
    <>
      <p className="mono mr-auto min-w-0 truncate text-label text-text-2" title={action.id}>
        {t("id", { number: action.number, id: action.id.slice(0, 8) })}
      </p>
      <Button icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
        {t("copy")}
      </Button>
      <Button kind="primary" onClick={props.onDone} autoFocus>
        {common("done")}
      </Button>
    </>
  );
}
