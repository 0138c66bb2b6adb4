import type { Selectable } from "kysely";
import { type Snapshot, type SnapshotSummary, snapshotSchema } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import { toIncidentId } from "../incidents/incident-store";
import type { ActAndShareTables } from "../storage/act-and-share-tables";
import type { StoreOrTransaction } from "../storage/database";
import { unpackPayload } from "./payload";

export type SnapshotRow = Selectable<ActAndShareTables["snapshots"]>;

/** What the payload holds: the rest stands in columns, since an incident may still be told later. */
export const frozenViewSchema = snapshotSchema.pick({
  fleet: true,
  server: true,
  samples: true,
  connections: true,
  actions: true,
});
export type FrozenView = Pick<Snapshot, "fleet" | "server" | "samples" | "connections" | "actions">;

/** Goes up when older payloads need another reader. */
export const payloadFormat = 1;

export const summaryColumns = [
  "id",
  "page",
  "server_id",
  "path",
  "from_ms",
  "to_ms",
  "taken_at_ms",
  "taken_by",
  "incident_number",
] as const satisfies (keyof SnapshotRow)[];

export function toSnapshotSummary(row: Pick<SnapshotRow, (typeof summaryColumns)[number]>): SnapshotSummary {
  return {
    id: row.id,
    page: row.page,
    serverId: row.server_id,
    path: row.path,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    takenAtMs: row.taken_at_ms,
    takenBy: row.taken_by,
    incidentId: row.incident_number === null ? null : toIncidentId(row.incident_number),
  };
}

/** Throws UNKNOWN_SNAPSHOT, and UNREADABLE_SNAPSHOT for one of a version that can't be read. */
export async function readSnapshot(db: StoreOrTransaction, snapshotId: string): Promise<Snapshot> {
  const row = await db.selectFrom("snapshots").selectAll().where("id", "=", snapshotId).executeTakeFirst();
  if (!row) throw new CodedError("UNKNOWN_SNAPSHOT", "no such snapshot", { snapshotId });
  if (row.format !== payloadFormat) {
    throw new CodedError("UNREADABLE_SNAPSHOT", `the stored view has format ${row.format}`, {
      kind: "format",
      format: row.format,
    });
  }
  return { ...toSnapshotSummary(row), ...(await unpackPayload(frozenViewSchema, row.payload)) };
}
