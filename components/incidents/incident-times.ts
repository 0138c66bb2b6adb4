import type { Breach } from "@/components/ui/table";
import type { IncidentSummary } from "@/lib/contract/console-api";

/** Longer than these is worth a second look. */
const slowDetectMs = 5 * 60_000;
const slowMitigateMs = 60 * 60_000;

export interface IncidentTimes {
  detectMs: number;
  detectBreach: Breach;
  /** null until it is mitigated. */
  mitigateMs: number | null;
  mitigateBreach: Breach;
}

/** From its start to its detection, and to the end of what users noticed. */
export function incidentTimes(incident: IncidentSummary): IncidentTimes {
  const detectMs = Math.max(0, incident.detectedAtMs - incident.startedAtMs);
  const mitigateMs =
    incident.mitigatedAtMs === null ? null : Math.max(0, incident.mitigatedAtMs - incident.startedAtMs);
  return {
    detectMs,
    detectBreach: detectMs > slowDetectMs ? "warn" : null,
    mitigateMs,
    mitigateBreach: mitigateMs !== null && mitigateMs > slowMitigateMs ? "warn" : null,
  };
}
