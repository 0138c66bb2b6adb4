import type { Logger } from "../../process/logger";
import type { Audit } from "../audit/audit";
import { toIncidentNumber } from "../incidents/incident-store";
import type { Fleet, Incidents, Links } from "../runtime";
import type { Store } from "../storage/database";
import { createLink } from "./create-link";
import { toLink } from "./link-store";
import { createLinkOpener } from "./open-link";
import { revokeLink } from "./revoke-link";

export interface LinkDeps {
  db: Store;
  audit: Audit;
  /** For the names and addresses of today's servers, which a text may hold beside those of its view. */
  fleet: Pick<Fleet, "snapshot">;
  incidents: Pick<Incidents, "find">;
  logger: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  publicUrl: string;
}

export function createLinks(deps: LinkDeps): Links {
  return {
    create: (caller, request) => createLink(deps, caller, request),
    revoke: (caller, linkId) => revokeLink(deps, caller, linkId),
    open: createLinkOpener(deps),
    async list({ snapshotId, incidentId }) {
      const rows = await deps.db
        .selectFrom("links")
        .selectAll()
        .$if(incidentId !== undefined, (query) =>
          query.where("incident_number", "=", toIncidentNumber(incidentId ?? "")),
        )
        // An incident's link names the snapshot that it shows; that makes it no link of the snapshot.
        .$if(snapshotId !== undefined, (query) =>
          query.where("snapshot_id", "=", snapshotId ?? "").where("incident_number", "is", null),
        )
        .orderBy("created_at_ms", "desc")
        .execute();
      return rows.map(toLink);
    },
  };
}
