"use client";

import { useTranslations } from "next-intl";
import type { IncidentStatus, Severity, TimelineEntry } from "@/lib/contract/console-api";
import { useServerName } from "./server-names";

/** The bold words of a timeline entry. */
export function useEntryTitle(): (entry: TimelineEntry) => string {
  const t = useTranslations("incidents.timeline");
  const common = useTranslations("common");
  const nameOf = useServerName();
  return (entry) => {
    const to = String(entry.params.to ?? "");
    switch (entry.kind) {
      case "note":
        return t("note");
      case "snapshot":
        return t("snapshot");
      case "declared":
        return t("declared");
      case "action":
        return entry.action
          ? t("action", {
              action: common(`action.${entry.action.kind}`),
              server: nameOf(entry.action.serverId),
            })
          : "";
      case "status":
        return t("status", { to: common(`incidentStatus.${to as IncidentStatus}`) });
      case "severity":
        return t("severity", { to: common(`severity.${to as Severity}`) });
      case "title":
        return t("retitled");
      case "lead":
        return t("lead", { to });
    }
  };
}
