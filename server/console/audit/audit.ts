import { createHash } from "node:crypto";
import type { Selectable } from "kysely";
import type { Role } from "../../../lib/contract/console-api";
import type { AuditTables } from "../storage/audit-tables";
import type { Store, StoreOrTransaction } from "../storage/database";

/** `intent` before an action, `result` after it under the same action id, `event` for all else. */
export interface AuditEntry {
  phase: "intent" | "result" | "event";
  /** Required for intents and results. */
  actionId?: string;
  /** Null when nobody is signed in. */
  who: { name: string; role: Role } | null;
  /** What was done or tried, as `action.force-gc`, `auth.sign-in`, `incident.change`. */
  what: string;
  target?: string;
  reason?: string;
  /** Kept as JSON; never a secret. */
  outcome?: Record<string, unknown>;
}

export interface AuditRecord {
  id: number;
  atMs: number;
  actionId: string | null;
  phase: AuditEntry["phase"];
  who: string | null;
  role: string | null;
  what: string;
  target: string | null;
  reason: string | null;
  outcome: Record<string, unknown> | null;
}

export interface Audit {
  /** On the disk when it resolves. Give the transaction when called inside one. */
  append(entry: AuditEntry, within?: StoreOrTransaction): Promise<AuditRecord>;
  byAction(actionId: string): Promise<AuditRecord[]>;
  /** The id of the first record that no longer fits the one before it, null when all do. */
  firstBroken(): Promise<number | null>;
}

type Row = Selectable<AuditTables["audit_records"]>;

export function createAudit(store: Store, nowMs: () => number = Date.now): Audit {
  const appendWithin = async (entry: AuditEntry, db: StoreOrTransaction): Promise<AuditRecord> => {
    const before = await db
      .selectFrom("audit_records")
      .select("hash")
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst();
    const record = {
      at_ms: nowMs(),
      action_id: entry.actionId ?? null,
      phase: entry.phase,
      who: entry.who?.name ?? null,
      role: entry.who?.role ?? null,
      what: entry.what,
      target: entry.target ?? null,
      reason: entry.reason ?? null,
      outcome: entry.outcome === undefined ? null : JSON.stringify(entry.outcome),
    };
    const row = await db
      .insertInto("audit_records")
      .values({ ...record, hash: chainHash(before?.hash ?? "", record) })
      .returningAll()
      .executeTakeFirstOrThrow();
    return toRecord(row);
  };

  return {
    append: (entry, within) =>
      within
        ? appendWithin(entry, within)
        : store.transaction().execute((transaction) => appendWithin(entry, transaction)),

    async byAction(actionId) {
      const rows = await store
        .selectFrom("audit_records")
        .selectAll()
        .where("action_id", "=", actionId)
        .orderBy("id")
        .execute();
      return rows.map(toRecord);
    },

    async firstBroken() {
      let hash = "";
      for (const row of await store.selectFrom("audit_records").selectAll().orderBy("id").execute()) {
        hash = chainHash(hash, row);
        if (hash !== row.hash) return row.id;
      }
      return null;
    },
  };
}

function chainHash(before: string, row: Omit<Row, "id" | "hash">): string {
  const content = [
    row.at_ms,
    row.action_id,
    row.phase,
    row.who,
    row.role,
    row.what,
    row.target,
    row.reason,
    row.outcome,
  ];
  return createHash("sha256").update(before).update(JSON.stringify(content)).digest("hex");
}

function toRecord(row: Row): AuditRecord {
  return {
    id: row.id,
    atMs: row.at_ms,
    actionId: row.action_id,
    phase: row.phase,
    who: row.who,
    role: row.role,
    what: row.what,
    target: row.target,
    reason: row.reason,
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as Record<string, unknown>),
  };
}
