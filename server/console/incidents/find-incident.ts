import type { Incident, Snapshot } from "../../../lib/contract/console-api";
import { isCodedError } from "../../../lib/errors";
import { readActions } from "../actions/action-store";
import { readSnapshot, summaryColumns, toSnapshotSummary } from "../snapshots/snapshot-store";
import { readIncident, toIncidentSummary } from "./incident-store";
import type { IncidentDeps } from "./incidents";
import { mergeTimeline } from "./timeline";

/** An incident without servers is about the whole fleet. */
export async function findIncident({ db, now, logger }: IncidentDeps, incidentId: string): Promise<Incident> {
  const row = await readIncident(db, incidentId);
  const summary = toIncidentSummary(row);
  const entries = await db
    .selectFrom("incident_entries")
    .selectAll()
    .where("incident_number", "=", row.number)
    .execute();
  const snapshots = await db
    .selectFrom("snapshots")
    .select(summaryColumns)
    .where("incident_number", "=", row.number)
    .orderBy("taken_at_ms", "desc")
    .execute();
  // What was done in a window that someone put to the incident belongs to it as well.
  const fromMs = Math.min(row.started_at_ms, ...snapshots.map((snapshot) => snapshot.from_ms));
  const { actions } = await readActions(db, {
    serverIds: summary.serverIds.length > 0 ? summary.serverIds : undefined,
    fromMs,
    toMs: row.resolved_at_ms ?? now(),
    limit: 500,
  });
  const newest = snapshots[0];
  return {
    ...summary,
    cause: row.cause,
    snapshots: snapshots.map(toSnapshotSummary),
    snapshot: newest ? await readable(newest.id) : null,
    timeline: mergeTimeline(entries, actions),
  };

  /** The incident is worth reading also when its frozen view no longer is. */
  async function readable(snapshotId: string): Promise<Snapshot | null> {
    try {
      return await readSnapshot(db, snapshotId);
    } catch (error) {
      if (!isCodedError(error) || error.code !== "UNREADABLE_SNAPSHOT") throw error;
      logger.warn("snapshot can't be read", { snapshot: snapshotId, incident: incidentId });
      return null;
    }
  }
}
