import { randomUUID } from "node:crypto";
import {
  type FleetSnapshot,
  type SnapshotRequest,
  type SnapshotSummary,
  snapshotRequestSchema,
} from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import { authorise } from "../actions/authorise";
import {
  assertUnresolved,
  type IncidentRow,
  insertEntry,
  insertIncident,
  readIncident,
  toIncidentId,
} from "../incidents/incident-store";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import type { StoreOrTransaction } from "../storage/database";
import type { Window } from "./freeze-samples";
import { freezeView } from "./freeze-view";
import { packPayload } from "./payload";
import { payloadFormat, toSnapshotSummary } from "./snapshot-store";
import type { SnapshotDeps } from "./snapshots";

/** Everyone who sees a view may keep it; with an incident it takes an operator. All is written, or nothing. */
export async function createSnapshot(
  deps: SnapshotDeps,
  caller: Caller,
  request: SnapshotRequest,
): Promise<SnapshotSummary> {
  const { db, audit, now } = deps;
  const wanted = parseInput(snapshotRequestSchema, request);
  // In an href, two slashes name another host.
  if (/^\/[/\\]/.test(wanted.path)) {
    throw new CodedError("INVALID_BODY", "the path leaves the console", { field: "path" });
  }
  if (wanted.incident) {
    const target = wanted.incident.kind === "add" ? wanted.incident.incidentId : undefined;
    const what = wanted.incident.kind === "add" ? "incident.add-snapshot" : "incident.create";
    await authorise(audit, caller, "operator", { what, target });
  }
  const { view, window } = await freezeView(deps, wanted);
  const payload = await packPayload(view);
  const takenAtMs = now();
  const summary = await db.transaction().execute(async (transaction) => {
    const incident = wanted.incident
      ? await incidentOf(transaction, caller, wanted, view.fleet, window, takenAtMs)
      : null;
    const row = await transaction
      .insertInto("snapshots")
      .values({
        id: randomUUID(),
        page: wanted.page,
        server_id: view.server?.server.id ?? null,
        path: wanted.path,
        from_ms: window.fromMs,
        to_ms: window.toMs,
        taken_at_ms: takenAtMs,
        taken_by: caller.name,
        incident_number: incident?.number ?? null,
        format: payloadFormat,
        payload,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    if (incident) {
      const entry = { atMs: takenAtMs, kind: "snapshot", by: caller.name, snapshotId: row.id } as const;
      await insertEntry(transaction, incident.number, entry);
    }
    await audit.append(
      {
        phase: "event",
        who: caller,
        what: "snapshot.create",
        target: row.id,
        outcome: {
          ok: true,
          page: wanted.page,
          incidentId: incident && toIncidentId(incident.number),
          incident: wanted.incident?.kind ?? null,
        },
      },
      transaction,
    );
    return toSnapshotSummary(row);
  });
  if (summary.incidentId) await deps.incidents.refresh();
  return summary;
}

async function incidentOf(
  db: StoreOrTransaction,
  caller: Caller,
  { incident, serverId, page }: SnapshotRequest,
  fleet: FleetSnapshot,
  window: Window,
  nowMs: number,
): Promise<IncidentRow | null> {
  if (!incident) return null;
  const own = page === "fleet" || serverId === undefined ? [] : [serverId];
  if (incident.kind === "add") {
    const row = await readIncident(db, incident.incidentId);
    assertUnresolved(row);
    return addServers(db, row, own);
  }
  const affected = fleet.servers.filter((server) =>
    own.length > 0 ? own.includes(server.id) : server.state !== "healthy" && server.state !== "draining",
  );
  const { title, severity, status } = incident;
  return insertIncident(db, {
    title,
    severity,
    status,
    serverIds: affected.map((server) => server.id),
    lead: caller.name,
    startedAtMs: troubleSince(affected, window) ?? nowMs,
    detectedAtMs: nowMs,
  });
}

/** The earliest change to a bad state within the window, which is when the trouble on screen began. */
function troubleSince(servers: FleetSnapshot["servers"], window: Window): number | null {
  const starts = servers
    .filter((server) => server.state !== "healthy" && server.sinceMs >= window.fromMs)
    .map((server) => server.sinceMs);
  return starts.length === 0 ? null : Math.min(...starts);
}

async function addServers(db: StoreOrTransaction, row: IncidentRow, own: string[]): Promise<IncidentRow> {
  const known = JSON.parse(row.server_ids) as string[];
  // An incident without servers is about the whole fleet already.
  if (known.length === 0 || own.every((id) => known.includes(id))) return row;
  return db
    .updateTable("incidents")
    .set({ server_ids: JSON.stringify([...new Set([...known, ...own])]) })
    .where("number", "=", row.number)
    .returningAll()
    .executeTakeFirstOrThrow();
}
