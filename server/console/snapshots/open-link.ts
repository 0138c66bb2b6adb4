import {
  incidentSchema,
  type PublicView,
  publicViewSchema,
  type Redaction,
  type Snapshot,
} from "../../../lib/contract/console-api";
import { isCodedError } from "../../../lib/errors";
import { hashToken, type LinkRow } from "./link-store";
import type { LinkDeps } from "./links";
import { unpackPayload } from "./payload";
import { redactIncident } from "./redact/redact-incident";
import { redactSnapshot } from "./redact/redact-snapshot";
import { createScrubber } from "./redact/scrubber";
import { readSnapshot } from "./snapshot-store";

/** Views are told again and again and never change: the last few are kept as they were redacted. */
const keptViews = 4;
/** A link that is opened all the time is not written all the time. */
const openedStepMs = 10_000;

/** The view behind a token, redacted; null for an unknown, an expired and a revoked token alike. */
export function createLinkOpener(deps: LinkDeps): (token: string) => Promise<PublicView | null> {
  const { db, now } = deps;
  const views = new Map<string, Promise<PublicView>>();

  function viewOf(row: LinkRow): Promise<PublicView> {
    const found = views.get(row.id);
    if (found) return found;
    const made = makeView(deps, row);
    views.set(row.id, made);
    // A failure is not kept, so that the next one tries again.
    made.catch(() => views.delete(row.id));
    for (const id of views.keys()) if (views.size > keptViews) views.delete(id);
    return made;
  }

  return async (token) => {
    if (!/^[\w-]{20,100}$/.test(token)) return null;
    const row = await db
      .selectFrom("links")
      .selectAll()
      .where("token_hash", "=", hashToken(token))
      .executeTakeFirst();
    const openedAtMs = now();
    if (!row || row.revoked_at_ms !== null || row.expires_at_ms <= openedAtMs) return null;
    const view = await viewOf(row);
    if (row.last_opened_at_ms === null || openedAtMs - row.last_opened_at_ms >= openedStepMs) {
      await db.updateTable("links").set({ last_opened_at_ms: openedAtMs }).where("id", "=", row.id).execute();
    }
    return view;
  };
}

async function makeView(deps: LinkDeps, row: LinkRow): Promise<PublicView> {
  const { db, fleet } = deps;
  const redaction = JSON.parse(row.redaction) as Redaction;
  const snapshot = row.snapshot_id === null ? null : await snapshotOf(deps, row, row.snapshot_id);
  const incident = row.incident_payload && {
    ...(await unpackPayload(incidentSchema.omit({ snapshot: true }), row.incident_payload)),
    snapshot,
  };
  const users = await db.selectFrom("users").select("name").execute();
  const scrub = createScrubber(redaction, {
    servers: [...(snapshot?.fleet.servers ?? []), ...fleet.snapshot().servers],
    userNames: users.map((user) => user.name),
  });
  const redact = () => ({
    sharedAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    redaction,
    snapshot: incident || !snapshot ? null : redactSnapshot(snapshot, scrub),
    incident: incident && redactIncident(incident, scrub),
  });
  // The first pass learns every name, also those that stand further down than the text that tells of them.
  redact();
  return publicViewSchema.parse(redact());
}

async function snapshotOf(
  { db, logger }: LinkDeps,
  row: LinkRow,
  snapshotId: string,
): Promise<Snapshot | null> {
  try {
    return await readSnapshot(db, snapshotId);
  } catch (error) {
    const readable = row.incident_number !== null && isCodedError(error);
    if (!readable || error.code !== "UNREADABLE_SNAPSHOT") throw error;
    logger.warn("snapshot can't be read", { snapshot: snapshotId, link: row.id });
    return null;
  }
}
