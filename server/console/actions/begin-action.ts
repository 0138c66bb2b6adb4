import { randomUUID } from "node:crypto";
import {
  type Action,
  type ActionKind,
  type ActionRequest,
  actionRequestSchema,
  type CleanupMatch,
} from "../../../lib/contract/console-api";
import { CodedError } from "../../../lib/errors";
import { parseInput } from "../parse-input";
import type { Caller } from "../runtime";
import { insertAction } from "./action-store";
import type { ActionDeps } from "./actions";
import { authorise } from "./authorise";
import type { KeptPreview, Previews } from "./previews";
import { readingNow } from "./reading";

/** A clean-up that hits more than this share of a server's connections asks for the server's name. */
const confirmedShare = 0.25;

/**
 * Checks the request and writes the intent and the action, both on the disk when it resolves or neither. `lock` is
 * asked at the last moment before writing and throws ACTION_RUNNING.
 */
export async function beginAction(
  deps: ActionDeps,
  previews: Previews,
  caller: Caller,
  serverId: string,
  kind: ActionKind,
  request: ActionRequest,
  lock: () => void,
): Promise<Action> {
  const { db, audit, fleet, now } = deps;
  const what = `action.${kind}`;
  await authorise(audit, caller, "operator", { what, target: serverId });
  const { server } = fleet.server(serverId);
  const { previewId, reason, confirmName } = parseInput(actionRequestSchema, request);
  const kept = previews.find(previewId, serverId, kind);
  if (needsName(kept) && confirmName !== server.name) {
    throw new CodedError("NAME_NOT_CONFIRMED", "the clean-up hits more than a quarter: name the server", {
      field: "confirmName",
    });
  }
  lock();
  previews.use(previewId);

  const match = matchOf(kept);
  const action = {
    id: randomUUID(),
    kind,
    serverId,
    state: "running" as const,
    by: caller.name,
    reason,
    startedAtMs: now(),
    finishedAtMs: null,
    done: 0,
    total: kept.preview.cleanup ? expectedOf(kept) : 0,
    match,
    cleanup: null,
    gc: null,
    reload: null,
    error: null,
    before: readingNow(fleet, serverId, now()),
    after: null,
    settled: null,
    settlesAtMs: null,
  };
  const intent = {
    phase: "intent" as const,
    actionId: action.id,
    who: caller,
    what,
    target: serverId,
    reason,
    outcome: { match, preview: summaryOf(kept) },
  };
  return db.transaction().execute(async (transaction) => {
    await audit.append(intent, transaction);
    return insertAction(transaction, action, caller.userId);
  });
}

function needsName({ preview, match }: KeptPreview): boolean {
  if (!preview.cleanup || preview.activeConnections === null) return false;
  return expectedOf({ preview, match }) > preview.activeConnections * confirmedShare;
}

function expectedOf({ preview, match }: KeptPreview): number {
  return Math.min(preview.cleanup?.candidates.total ?? 0, match?.max ?? Number.POSITIVE_INFINITY);
}

/**
 * Never more than was seen: who became idle since the preview waits for the next one. An empty list of ids
 * matches nobody, which is what a preview of nobody asked for.
 */
function matchOf(kept: KeptPreview): CleanupMatch | null {
  if (!kept.preview.cleanup || !kept.match) return null;
  const expected = expectedOf(kept);
  return expected === 0 ? { ...kept.match, ids: [] } : { ...kept.match, max: expected };
}

function summaryOf({ preview }: KeptPreview): Record<string, unknown> {
  return {
    activeConnections: preview.activeConnections,
    candidates: preview.cleanup?.candidates ?? null,
    changedKeys: preview.reload?.changes.map((change) => change.key) ?? null,
    memory: preview.memory,
  };
}
