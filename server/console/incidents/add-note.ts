import { noteRequestSchema, type TimelineEntry } from "../../../lib/contract/console-api";
import { authorise } from "../actions/authorise";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import { insertEntry, readIncident } from "./incident-store";
import type { IncidentDeps } from "./incidents";
import { toEntry } from "./timeline";

/** Notes may follow after an incident was resolved: that is when most is learned. */
export async function addNote(
  { db, audit, now }: IncidentDeps,
  caller: Caller,
  incidentId: string,
  text: string,
): Promise<TimelineEntry> {
  await authorise(audit, caller, "operator", { what: "incident.note", target: incidentId });
  const note = parseInput(noteRequestSchema, { text });
  return db.transaction().execute(async (transaction) => {
    const { number } = await readIncident(transaction, incidentId);
    const row = await insertEntry(transaction, number, {
      atMs: now(),
      kind: "note",
      by: caller.name,
      text: note.text,
    });
    await audit.append(
      {
        phase: "event",
        who: caller,
        what: "incident.note",
        target: incidentId,
        outcome: { ok: true, entryId: row.id },
      },
      transaction,
    );
    return toEntry(row);
  });
}
