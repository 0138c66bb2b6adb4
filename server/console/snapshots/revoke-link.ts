import type { Link } from "../../../lib/contract/console-api";
import { authorise } from "../actions/authorise";
import type { Caller } from "../runtime";
import { readLink, toLink } from "./link-store";
import type { LinkDeps } from "./links";

/** Revoking twice changes nothing: the first time is the one that counts. */
export async function revokeLink(
  { db, audit, now }: LinkDeps,
  caller: Caller,
  linkId: string,
): Promise<Link> {
  await authorise(audit, caller, "operator", { what: "link.revoke", target: linkId });
  return db.transaction().execute(async (transaction) => {
    const row = await readLink(transaction, linkId);
    if (row.revoked_at_ms !== null) return toLink(row);
    const revoked = await transaction
      .updateTable("links")
      .set({ revoked_at_ms: now() })
      .where("id", "=", linkId)
      .returningAll()
      .executeTakeFirstOrThrow();
    const entry = { phase: "event", who: caller, what: "link.revoke", target: linkId } as const;
    await audit.append({ ...entry, outcome: { ok: true } }, transaction);
    return toLink(revoked);
  });
}
