import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Status } from "@/components/ui/status";
import type { StatusKind } from "@/components/ui/status-shape";
import type { IncidentStatus, Severity } from "@/lib/contract/console-api";

export const severities: readonly Severity[] = ["sev1", "sev2", "sev3"];

export const severityKind: Record<Severity, StatusKind> = { sev1: "crit", sev2: "crit", sev3: "warn" };

export const incidentStatusKind: Record<IncidentStatus, StatusKind> = {
  open: "warn",
  monitoring: "info",
  resolved: "ok",
};

/** A badge while the incident is active, an outlined label once it is resolved. */
export function SeverityBadge({ severity, over }: { severity: Severity; over?: boolean }) {
  const t = useTranslations("common.severity");
  return (
    <Badge kind={severityKind[severity]} outline={over}>
      {t(severity)}
    </Badge>
  );
}

export function IncidentStatusMark({ status }: { status: IncidentStatus }) {
  const t = useTranslations("common.incidentStatus");
  return (
    <Status kind={incidentStatusKind[status]} state={status}>
      {t(status)}
    </Status>
  );
}
