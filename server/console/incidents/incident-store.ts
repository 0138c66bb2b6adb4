import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { IncidentSummary, Severity } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import type { ActAndShareTables } from "../storage/act-and-share-tables";
import type { StoreOrTransaction } from "../storage/database";

export type IncidentRow = Selectable<ActAndShareTables["incidents"]>;
export type EntryRow = Selectable<ActAndShareTables["incident_entries"]>;

export function toIncidentId(number: number): string {
  return `INC-${number}`;
}

/** Throws UNKNOWN_INCIDENT for what can't be an id. */
export function toIncidentNumber(incidentId: string): number {
  const digits = /^INC-([1-9]\d{0,8})$/.exec(incidentId)?.[1];
  if (digits === undefined) throw unknownIncident(incidentId);
  return Number(digits);
}

export function toIncidentSummary(row: IncidentRow): IncidentSummary {
  return {
    id: toIncidentId(row.number),
    title: row.title,
    severity: row.severity,
    status: row.status,
    serverIds: JSON.parse(row.server_ids) as string[],
    lead: row.lead,
    startedAtMs: row.started_at_ms,
    detectedAtMs: row.detected_at_ms,
    mitigatedAtMs: row.mitigated_at_ms,
    resolvedAtMs: row.resolved_at_ms,
  };
}

export async function readIncident(db: StoreOrTransaction, incidentId: string): Promise<IncidentRow> {
  const row = await db
    .selectFrom("incidents")
    .selectAll()
    .where("number", "=", toIncidentNumber(incidentId))
    .executeTakeFirst();
  if (!row) throw unknownIncident(incidentId);
  return row;
}

export interface NewIncident {
  title: string;
  severity: Severity;
  status: "open" | "monitoring";
  serverIds: string[];
  lead: string;
  startedAtMs: number;
  detectedAtMs: number;
}

/** Writes the incident and the entry that declares it. Call it inside a transaction: it counts the number. */
export async function insertIncident(db: StoreOrTransaction, incident: NewIncident): Promise<IncidentRow> {
  const newest = await db
    .selectFrom("incidents")
    .select((eb) => eb.fn.max("number").as("number"))
    .executeTakeFirst();
  const row = await db
    .insertInto("incidents")
    .values({
      number: (newest?.number ?? 0) + 1,
      title: incident.title,
      severity: incident.severity,
      status: incident.status,
      server_ids: JSON.stringify(incident.serverIds),
      lead: incident.lead,
      cause: "",
      started_at_ms: incident.startedAtMs,
      detected_at_ms: incident.detectedAtMs,
      mitigated_at_ms: incident.status === "monitoring" ? incident.detectedAtMs : null,
      resolved_at_ms: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertEntry(db, row.number, {
    atMs: incident.detectedAtMs,
    kind: "declared",
    by: incident.lead,
    params: { severity: incident.severity, status: incident.status },
  });
  return row;
}

export interface NewEntry {
  atMs: number;
  kind: EntryRow["kind"];
  by: string;
  text?: string;
  params?: Record<string, string | number>;
  snapshotId?: string;
}

/** Call it inside a transaction: it counts the position. */
export async function insertEntry(
  db: StoreOrTransaction,
  number: number,
  entry: NewEntry,
): Promise<EntryRow> {
  const newest = await db
    .selectFrom("incident_entries")
    .select((eb) => eb.fn.max("position").as("position"))
    .where("incident_number", "=", number)
    .executeTakeFirst();
  return db
    .insertInto("incident_entries")
    .values({
      id: randomUUID(),
      incident_number: number,
      position: (newest?.position ?? 0) + 1,
      at_ms: entry.atMs,
      kind: entry.kind,
      by_name: entry.by,
      text: entry.text ?? null,
      params: JSON.stringify(entry.params ?? {}),
      snapshot_id: entry.snapshotId ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Throws INCIDENT_RESOLVED: what is closed takes nothing more until it is opened again. */
export function assertUnresolved(row: IncidentRow): void {
  if (row.status !== "resolved") return;
  const incidentId = toIncidentId(row.number);
  throw new CodedError("INCIDENT_RESOLVED", `${incidentId} is resolved`, { incidentId });
}

function unknownIncident(incidentId: string): CodedError {
  return new CodedError("UNKNOWN_INCIDENT", `no incident ${incidentId}`, { incidentId });
}
