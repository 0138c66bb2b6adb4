import type { Logger } from "../../process/logger";
import type { Audit } from "../audit/audit";
import type { IncidentService } from "../incidents/incidents";
import type { Actions, Snapshots } from "../runtime";
import type { Store } from "../storage/database";
import { createSnapshot } from "./create-snapshot";
import type { SnapshotFleet } from "./snapshot-fleet";
import { readSnapshot } from "./snapshot-store";

export interface SnapshotDeps {
  db: Store;
  audit: Audit;
  fleet: SnapshotFleet;
  actions: Pick<Actions, "markers">;
  incidents: Pick<IncidentService, "refresh">;
  logger: Logger;
  /** Epoch milliseconds. */
  now: () => number;
}

export function createSnapshots(deps: SnapshotDeps): Snapshots {
  return {
    create: (caller, request) => createSnapshot(deps, caller, request),
    find: (snapshotId) => readSnapshot(deps.db, snapshotId),
  };
}
