import {
  type IncidentChange,
  type IncidentSummary,
  incidentChangeSchema,
} from "../../../lib/contract/console-api";
import { authorise } from "../actions/authorise";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import { type IncidentRow, insertEntry, readIncident, toIncidentSummary } from "./incident-store";
import type { IncidentDeps } from "./incidents";

/** What stands in the timeline with what it was before; the cause is text that is worked on, not an event. */
const told = ["title", "severity", "status", "lead"] as const;

export async function changeIncident(
  { db, audit, now }: IncidentDeps,
  caller: Caller,
  incidentId: string,
  change: IncidentChange,
): Promise<IncidentSummary> {
  await authorise(audit, caller, "operator", { what: "incident.change", target: incidentId });
  const wanted = parseInput(incidentChangeSchema, change);
  return db.transaction().execute(async (transaction) => {
    const before = await readIncident(transaction, incidentId);
    const atMs = now();
    const after = await transaction
      .updateTable("incidents")
      .set({ ...wanted, ...instantsOf(before, wanted.status, atMs) })
      .where("number", "=", before.number)
      .returningAll()
      .executeTakeFirstOrThrow();
    const changed = told.filter((field) => before[field] !== after[field]);
    for (const field of changed) {
      const params = { from: before[field], to: after[field] };
      await insertEntry(transaction, before.number, { atMs, kind: field, by: caller.name, params });
    }
    const fields = before.cause === after.cause ? changed : [...changed, "cause"];
    if (fields.length > 0) {
      await audit.append(
        {
          phase: "event",
          who: caller,
          what: "incident.change",
          target: incidentId,
          outcome: { ok: true, changes: changesOf(before, after, fields) },
        },
        transaction,
      );
    }
    return toIncidentSummary(after);
  });
}

/** Monitoring means mitigated; resolving something that was never monitored mitigates it as well. */
function instantsOf(before: IncidentRow, status: IncidentRow["status"] | undefined, atMs: number) {
  if (status === undefined || status === before.status) return {};
  if (status === "open") return { mitigated_at_ms: null, resolved_at_ms: null };
  if (status === "monitoring")
    return { mitigated_at_ms: before.mitigated_at_ms ?? atMs, resolved_at_ms: null };
  return { mitigated_at_ms: before.mitigated_at_ms ?? atMs, resolved_at_ms: atMs };
}

function changesOf(before: IncidentRow, after: IncidentRow, fields: string[]) {
  const value = (row: IncidentRow, field: string) => row[field as keyof IncidentRow];
  return Object.fromEntries(
    fields.map((field) => [field, { from: value(before, field), to: value(after, field) }]),
  );
}
