import { randomUUID } from "node:crypto";
import { type CreatedLink, type LinkRequest, linkRequestSchema } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import { authorise } from "../actions/authorise";
import { toIncidentNumber } from "../incidents/incident-store";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import { hashToken, newToken, toLink } from "./link-store";
import type { LinkDeps } from "./links";
import { packPayload } from "./payload";

/**
 * An incident is frozen into its link: what is written into it later was not meant for those who have the
 * link already. The token stands in the answer alone.
 */
export async function createLink(deps: LinkDeps, caller: Caller, request: LinkRequest): Promise<CreatedLink> {
  const { db, audit, now, publicUrl } = deps;
  await authorise(audit, caller, "operator", { what: "link.create" });
  const { target, expiresInSeconds, redaction } = parseInput(linkRequestSchema, request);
  const subject = target.kind === "incident" ? await frozenIncident(deps, target) : await kept(deps, target);
  const token = newToken();
  const createdAtMs = now();
  const row = await db.transaction().execute(async (transaction) => {
    const inserted = await transaction
      .insertInto("links")
      .values({
        id: randomUUID(),
        token_hash: hashToken(token),
        ...subject,
        redaction: JSON.stringify(redaction),
        created_at_ms: createdAtMs,
        created_by: caller.name,
        expires_at_ms: createdAtMs + expiresInSeconds * 1_000,
        revoked_at_ms: null,
        last_opened_at_ms: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.append(
      {
        phase: "event",
        who: caller,
        what: "link.create",
        target: inserted.id,
        outcome: { ok: true, of: target, expiresAtMs: inserted.expires_at_ms, redaction },
      },
      transaction,
    );
    return inserted;
  });
  return { ...toLink(row), url: `${publicUrl.replace(/\/+$/, "")}/i/${token}` };
}

async function frozenIncident(
  { incidents }: LinkDeps,
  { incidentId }: Extract<LinkRequest["target"], { kind: "incident" }>,
) {
  const { snapshot, ...incident } = await incidents.find(incidentId);
  return {
    snapshot_id: snapshot?.id ?? null,
    incident_number: toIncidentNumber(incidentId),
    incident_payload: await packPayload(incident),
  };
}

async function kept({ db }: LinkDeps, { snapshotId }: Extract<LinkRequest["target"], { kind: "snapshot" }>) {
  const row = await db.selectFrom("snapshots").select("id").where("id", "=", snapshotId).executeTakeFirst();
  if (!row) throw new CodedError("UNKNOWN_SNAPSHOT", "no such snapshot", { snapshotId });
  return { snapshot_id: row.id, incident_number: null, incident_payload: null };
}
