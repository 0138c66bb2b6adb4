import type { Selectable } from "kysely";
import type { Action, Marker } from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import type { ActAndShareTables } from "../storage/act-and-share-tables";
import type { Store, StoreOrTransaction } from "../storage/database";

type ActionRow = Selectable<ActAndShareTables["actions"]>;

/** What only the whole action is read with. */
type ActionBody = Pick<
  Action,
  "done" | "total" | "match" | "cleanup" | "gc" | "reload" | "error" | "before" | "after" | "settled"
>;

export function toAction(row: ActionRow): Action {
  const body = JSON.parse(row.body) as ActionBody;
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    serverId: row.server_id,
    state: row.state,
    by: row.by_name,
    reason: row.reason,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    ...body,
    settlesAtMs: row.settles_at_ms,
  };
}

export function toMarker(action: Action): Marker {
  return {
    actionId: action.id,
    number: action.number,
    kind: action.kind,
    serverId: action.serverId,
    atMs: action.startedAtMs,
    by: action.by,
    state: action.state,
  };
}

function bodyOf(action: ActionBody): string {
  const { done, total, match, cleanup, gc, reload, error, before, after, settled } = action;
  return JSON.stringify({ done, total, match, cleanup, gc, reload, error, before, after, settled });
}

/** Gives the action the next number of its UTC day. Call it inside a transaction. */
export async function insertAction(
  db: StoreOrTransaction,
  action: Omit<Action, "number">,
  userId: string,
): Promise<Action> {
  const day = new Date(action.startedAtMs).toISOString().slice(0, 10);
  const newest = await db
    .selectFrom("actions")
    .select((eb) => eb.fn.max("number").as("number"))
    .where("day", "=", day)
    .executeTakeFirst();
  const row = await db
    .insertInto("actions")
    .values({
      id: action.id,
      day,
      number: (newest?.number ?? 0) + 1,
      kind: action.kind,
      server_id: action.serverId,
      state: action.state,
      by_user_id: userId,
      by_name: action.by,
      reason: action.reason,
      started_at_ms: action.startedAtMs,
      finished_at_ms: action.finishedAtMs,
      settles_at_ms: action.settlesAtMs,
      body: bodyOf(action),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toAction(row);
}

export async function updateAction(db: StoreOrTransaction, action: Action): Promise<void> {
  await db
    .updateTable("actions")
    .set({
      state: action.state,
      finished_at_ms: action.finishedAtMs,
      settles_at_ms: action.settlesAtMs,
      body: bodyOf(action),
    })
    .where("id", "=", action.id)
    .executeTakeFirstOrThrow();
}

export async function readAction(db: StoreOrTransaction, actionId: string): Promise<Action> {
  const row = await db.selectFrom("actions").selectAll().where("id", "=", actionId).executeTakeFirst();
  if (!row) throw new CodedError("UNKNOWN_ACTION", `no action ${actionId}`, { actionId });
  return toAction(row);
}

/** Started in the window, both ends included; newest first. No `serverIds` means every server. */
export async function readActions(
  db: Store,
  filter: { serverIds?: string[]; fromMs?: number; toMs?: number; limit: number },
): Promise<{ actions: Action[]; total: number }> {
  const { serverIds, fromMs, toMs, limit } = filter;
  const matched = db
    .selectFrom("actions")
    .$if(serverIds !== undefined, (query) => query.where("server_id", "in", serverIds ?? []))
    .$if(fromMs !== undefined, (query) => query.where("started_at_ms", ">=", fromMs ?? 0))
    .$if(toMs !== undefined, (query) => query.where("started_at_ms", "<=", toMs ?? 0));
  const rows = await matched
    .selectAll()
    .orderBy("started_at_ms", "desc")
    .orderBy("number", "desc")
    .limit(limit)
    .execute();
  const { total } = await matched
    .select((eb) => eb.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  return { actions: rows.map(toAction), total: Number(total) };
}

/** Those that run, and those whose figures of five minutes later are still to be read. */
export async function readPending(db: Store, nowMs: number): Promise<Action[]> {
  const rows = await db
    .selectFrom("actions")
    .selectAll()
    .where((eb) => eb.or([eb("state", "=", "running"), eb("settles_at_ms", ">", nowMs)]))
    .execute();
  return rows.map(toAction);
}
