import { setTimeout as sleep } from "node:timers/promises";
import type { Action, Role } from "../../../lib/contract/console-api";
import { updateAction } from "./action-store";
import type { ActionDeps } from "./actions";
import type { Outcome } from "./perform";
import { readingSince } from "./reading";

/** Writes how it ended and the record of it in one transaction: neither is there without the other. */
export async function finishAction(
  { db, audit, now, timing }: ActionDeps,
  action: Action,
  outcome: Outcome,
  who: { name: string; role: Role } | null,
): Promise<Action> {
  const finishedAtMs = now();
  const finished: Action = {
    ...action,
    ...outcome,
    finishedAtMs,
    settlesAtMs: outcome.state === "failed" ? null : finishedAtMs + timing.settleMs,
  };
  await db.transaction().execute(async (transaction) => {
    await updateAction(transaction, finished);
    await audit.append(
      {
        phase: "result",
        actionId: action.id,
        who,
        what: `action.${action.kind}`,
        target: action.serverId,
        outcome: resultOf(finished),
      },
      transaction,
    );
  });
  return finished;
}

/** Waits for the first sample after the end; null when the server tells none in time. */
export async function readAfter(
  { fleet, timing, stopping }: ActionDeps,
  action: Action,
): Promise<Action["after"]> {
  const deadline = performance.now() + timing.afterMs;
  while (!stopping.aborted) {
    const reading = readingSince(fleet, action.serverId, (action.finishedAtMs ?? 0) + 1);
    if (reading || performance.now() > deadline) return reading;
    await sleep(100);
  }
  return null;
}

/** Configuration values stay out of the record: keys tell what happened, and values may be private. */
function resultOf({ state, error, cleanup, gc, reload }: Action): Record<string, unknown> {
  return {
    ok: state !== "failed",
    state,
    code: error?.code ?? null,
    ...(cleanup && {
      candidates: cleanup.candidates,
      closed: cleanup.closed,
      spared: cleanup.spared,
      alreadyGone: cleanup.already_gone,
      cameBack: cleanup.came_back,
    }),
    ...(gc && { freedBytes: gc.freed_bytes, pauseMs: gc.pause_ms }),
    ...(reload && {
      changedKeys: reload.changes.map((change) => change.key),
      applied: reload.applied,
      needsRestart: reload.needs_restart,
      mistakes: reload.mistakes.length,
    }),
  };
}
