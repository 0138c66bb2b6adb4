"use client";

import { useMessages, useTranslations } from "next-intl";
import { useFormat } from "@/components/ui/use-format";
import type { Action } from "@/lib/contract/console-api";

const mostChanges = 3;

/** Puts into words what an action did and what changed with it: one line a fact. */
export function useActionResult(): (action: Action) => string[] {
  const t = useTranslations("incidents.result");
  const common = useTranslations("common");
  const errors = useTranslations("errors");
  const known = useMessages().errors;
  const format = useFormat();

  function result(action: Action): string {
    const state = common(`actionState.${action.state}`);
    if (action.state === "running") return t("running", { time: format.clock(action.startedAtMs) });
    if (action.error) {
      const code = action.error.code;
      const why = errors(code in known ? (code as keyof typeof known) : "INTERNAL");
      return t("failed", { state, why });
    }
    if (action.cleanup) {
      const { closed, candidates } = action.cleanup;
      return t("cleanup", {
        state,
        closed: format.number(closed),
        total: format.number(candidates.total),
      });
    }
    if (action.gc) {
      const { freed_bytes: freed, before, after } = action.gc;
      return t("gc", {
        state,
        freed: format.bytesText(freed),
        before: format.bytesText(before.heap_used_bytes),
        after: format.bytesText(after.heap_used_bytes),
      });
    }
    if (action.reload) return t("reload", { state, count: action.reload.changes.length });
    return t("plain", { state });
  }

  function changes(action: Action): string[] {
    const all = action.reload?.changes ?? [];
    // A public link is told which keys changed and never their values.
    if (all.length > 0 && all.every(({ before, after }) => before === null && after === null)) {
      return [t("valuesHidden")];
    }
    return all
      .slice(0, mostChanges)
      .map(({ key, before, after }) => t("change", { key, before: text(before), after: text(after) }));
  }

  function effect(action: Action): string[] {
    const { before } = action;
    const after = action.settled ?? action.after;
    if (!after || action.state === "failed") return [];
    const lines: string[] = [];
    if (before.push_latency_p99_ms != null && after.push_latency_p99_ms != null) {
      lines.push(
        t("p99", {
          before: format.number(before.push_latency_p99_ms),
          after: format.msText(after.push_latency_p99_ms),
        }),
      );
    }
    if (before.queue_messages != null && after.queue_messages != null) {
      lines.push(
        t("queue", {
          before: format.number(before.queue_messages),
          after: format.number(after.queue_messages),
        }),
      );
    }
    return lines;
  }

  return (action) => [result(action), ...changes(action), ...effect(action)];
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
