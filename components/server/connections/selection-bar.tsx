"use client";

import { Copy, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActions } from "@/components/actions/actions-context";
import { useShortcuts } from "@/components/shell/shortcuts";
import { Kbd } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { showToast } from "@/components/ui/toast";
import { useFormat } from "@/components/ui/use-format";
import type { Selection } from "./use-selection";

/** What is picked, what it adds up to, and what can be done with it. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const t = useTranslations("connections.selection");
  const common = useTranslations("common");
  const format = useFormat();
  const actions = useActions();
  const rows = [...selection.rows.values()];
  const count = rows.length;
  useShortcuts(
    count === 0
      ? []
      : [{ keys: ["escape"], print: ["Esc"], label: t("clear"), run: selection.clear, scope: "everywhere" }],
  );
  if (count === 0) return null;
  const buffered = rows.reduce((sum, row) => sum + row.buffered_bytes, 0);
  const addresses = new Set(rows.map((row) => row.remote_ip)).size;
  const ids = rows.map((row) => row.id);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(ids.join("\n"));
      showToast({ kind: "ok", title: t("copied", { count }), text: t("copiedText") });
    } catch {
      showToast({ kind: "warn", title: t("notCopied"), text: t("notCopiedText") });
    }
  };
  return (
    <section
      aria-label={t("label")}
      className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-accent-tint px-4 py-1 sm:px-5"
    >
      <strong className="figures font-semibold">{t("count", { count })}</strong>
      <span className="figures text-text-2">{t("sum", { size: format.bytesText(buffered), addresses })}</span>
      <span className="ml-auto flex items-center gap-2">
        {actions && (
          <Button
            size="small"
            icon={<Unplug size={14} aria-hidden />}
            disabled={!actions.allowed}
            title={actions.allowed ? undefined : common("needsRole", { role: common("role.operator") })}
            onClick={() => actions.open("cleanup-connections", { ids })}
          >
            {t("close", { count })}
          </Button>
        )}
        <Button size="small" icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
          {t("copy")}
        </Button>
        <Button kind="ghost" size="small" onClick={selection.clear}>
          {t("clear")}
          <Kbd className="max-sm:hidden">Esc</Kbd>
        </Button>
      </span>
    </section>
  );
}
