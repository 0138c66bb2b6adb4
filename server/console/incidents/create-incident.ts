import {
  type IncidentRequest,
  type IncidentSummary,
  incidentRequestSchema,
} from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import { authorise } from "../actions/authorise";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import { insertIncident, toIncidentSummary } from "./incident-store";
import type { IncidentDeps } from "./incidents";

export async function createIncident(
  { db, audit, now }: IncidentDeps,
  caller: Caller,
  request: IncidentRequest,
): Promise<IncidentSummary> {
  await authorise(audit, caller, "operator", { what: "incident.create" });
  const { startedAtMs, ...incident } = parseInput(incidentRequestSchema, request);
  const detectedAtMs = now();
  if (startedAtMs !== undefined && startedAtMs > detectedAtMs) {
    throw new CodedError("INVALID_BODY", "startedAtMs lies in the future", { field: "startedAtMs" });
  }
  return db.transaction().execute(async (transaction) => {
    const row = await insertIncident(transaction, {
      ...incident,
      lead: caller.name,
      startedAtMs: startedAtMs ?? detectedAtMs,
      detectedAtMs,
    });
    const summary = toIncidentSummary(row);
    await audit.append(
      {
        phase: "event",
        who: caller,
        what: "incident.create",
        target: summary.id,
        outcome: { ok: true, title: summary.title, severity: summary.severity, status: summary.status },
      },
      transaction,
    );
    return summary;
  });
}
