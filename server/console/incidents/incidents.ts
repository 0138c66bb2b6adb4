import type { IncidentSummary } from "../../../lib/contract/console-api";
import type { Logger } from "../../process/logger";
import type { Audit } from "../audit/audit";
import type { Incidents } from "../runtime";
import type { Store } from "../storage/database";
import { addNote } from "./add-note";
import { changeIncident } from "./change-incident";
import { createIncident } from "./create-incident";
import { findIncident } from "./find-incident";
import { toIncidentSummary } from "./incident-store";
import { listIncidents } from "./list-incidents";

export interface IncidentDeps {
  db: Store;
  audit: Audit;
  logger: Logger;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface IncidentService extends Incidents {
  /** Reads the open incidents into memory: once at the start, and after others have written to their tables. */
  refresh(): Promise<void>;
}

export function createIncidents(deps: IncidentDeps): IncidentService {
  let open: IncidentSummary[] = [];
  const refresh = async () => {
    const rows = await deps.db
      .selectFrom("incidents")
      .selectAll()
      .where("status", "!=", "resolved")
      .orderBy("started_at_ms", "desc")
      .orderBy("number", "desc")
      .execute();
    open = rows.map(toIncidentSummary);
  };
  return {
    refresh,
    open: () => open,
    find: (incidentId) => findIncident(deps, incidentId),
    list: (query) => listIncidents(deps, query),
    addNote: (caller, incidentId, text) => addNote(deps, caller, incidentId, text),
    async create(caller, request) {
      const created = await createIncident(deps, caller, request);
      await refresh();
      return created;
    },
    async change(caller, incidentId, change) {
      const changed = await changeIncident(deps, caller, incidentId, change);
      await refresh();
      return changed;
    },
  };
}
