"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { copyText } from "@/components/share/copy-text";
import { useShortcuts } from "@/components/shell/shortcuts";
import { showToast } from "@/components/ui/toast";
import type { IncidentSummary } from "@/lib/contract/console-api";

/** The list's field that `/` goes to. */
export const filterFieldId = "incident-filter";

export function useIncidentKeys(
  incidents: readonly IncidentSummary[],
  selected: IncidentSummary | null,
  select: (incidentId: string) => void,
): void {
  const t = useTranslations("incidents.keys");
  const share = useTranslations("share.toast");
  const router = useRouter();
  const pathOf = (incident: IncidentSummary) => `/incidents/${incident.id}`;
  const move = (step: number) => {
    const at = incidents.findIndex(({ id }) => id === selected?.id);
    const next = incidents[Math.min(incidents.length - 1, Math.max(0, at + step))];
    if (next) select(next.id);
  };
  useShortcuts([
    {
      keys: ["j", "k", "arrowdown", "arrowup"],
      print: ["J", "K"],
      label: t("move"),
      run: ({ key }) => move(key.toLowerCase() === "j" || key === "ArrowDown" ? 1 : -1),
    },
    {
      keys: ["enter"],
      print: ["Enter"],
      label: t("open"),
      run: () => selected && router.push(pathOf(selected)),
    },
    {
      keys: ["y"],
      print: ["Y"],
      label: t("copyLink"),
      async run() {
        if (!selected) return;
        const url = location.origin + pathOf(selected);
        const copied = await copyText(Promise.resolve(url));
        showToast({
          kind: copied ? "ok" : "warn",
          id: "share",
          title: share(copied ? "copied" : "made"),
          text: copied ? share("signedIn") : url,
        });
      },
    },
    {
      keys: ["/"],
      print: ["/"],
      label: t("filter"),
      run: () => document.getElementById(filterFieldId)?.focus(),
    },
  ]);
}
