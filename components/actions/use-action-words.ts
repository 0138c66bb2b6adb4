"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { Action } from "@/lib/contract/console-api";
import type { ErrorCode } from "@/lib/errors";

/** What became of an action, in one sentence or two. */
export function useActionWords(): (action: Action) => string {
  const t = useTranslations("actions.outcome");
  const errors = useTranslations("errors");
  const format = useFormat();
  return (action) => {
    if (action.state === "failed" && action.error) {
      const code = action.error.code as ErrorCode;
      return errors.has(code) ? errors(code) : errors("INTERNAL");
    }
    if (action.kind === "cleanup-connections") {
      const { cleanup } = action;
      if (action.state === "running") return t("cleanupRunning", { done: action.done, total: action.total });
      if (!cleanup) return t("unknown");
      return t("cleanup", {
        closed: cleanup.closed,
        total: Math.min(cleanup.candidates.total, action.match?.max ?? Number.POSITIVE_INFINITY),
        gone: cleanup.already_gone,
        spared: cleanup.spared,
        back: cleanup.came_back,
      });
    }
    if (action.kind === "force-gc") {
      if (action.state === "running") return t("gcRunning");
      if (!action.gc) return t("unknown");
      const values = {
        bytes: format.bytesText(Math.abs(action.gc.freed_bytes)),
        isolates: action.gc.isolates.length,
        pause: format.msText(action.gc.pause_ms),
      };
      return action.gc.freed_bytes >= 0 ? t("gc", values) : t("gcGrew", values);
    }
    if (action.state === "running") return t("reloadRunning");
    if (!action.reload) return t("unknown");
    return t("reload", {
      applied: action.reload.applied.length,
      restart: action.reload.needs_restart.length,
    });
  };
}
