import { createHash, randomBytes } from "node:crypto";
import type { Selectable } from "kysely";
import type { Link, LinkRequest } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import { toIncidentId } from "../incidents/incident-store";
import type { ActAndShareTables } from "../storage/act-and-share-tables";
import type { StoreOrTransaction } from "../storage/database";

export type LinkRow = Selectable<ActAndShareTables["links"]>;

/** 256 bits, so that guessing is hopeless and a plain hash of it keeps it. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function toLink(row: LinkRow): Link {
  return {
    id: row.id,
    target: targetOf(row),
    createdAtMs: row.created_at_ms,
    createdBy: row.created_by,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
    lastOpenedAtMs: row.last_opened_at_ms,
    redaction: JSON.parse(row.redaction) as Link["redaction"],
  };
}

function targetOf(row: LinkRow): LinkRequest["target"] {
  if (row.incident_number !== null) {
    return { kind: "incident", incidentId: toIncidentId(row.incident_number) };
  }
  return { kind: "snapshot", snapshotId: row.snapshot_id ?? "" };
}

/** Throws UNKNOWN_LINK. */
export async function readLink(db: StoreOrTransaction, linkId: string): Promise<LinkRow> {
  const row = await db.selectFrom("links").selectAll().where("id", "=", linkId).executeTakeFirst();
  if (!row) throw new CodedError("UNKNOWN_LINK", "no such link", { linkId });
  return row;
}
