import { setTimeout as sleep } from "node:timers/promises";
import type { Action } from "../../../lib/contract/console-api";
import { CodedError, isCodedError } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import type { Audit } from "../audit/audit";
import type { Actions, Caller } from "../runtime";
import type { Store } from "../storage/database";
import type { ActionFleet } from "./action-fleet";
import { readAction, readActions, readPending, updateAction } from "./action-store";
import { beginAction } from "./begin-action";
import { finishAction, readAfter } from "./finish-action";
import { createMarkerRing } from "./marker-ring";
import { perform } from "./perform";
import { previewAction } from "./preview-action";
import { createPreviews } from "./previews";
import { createSettler } from "./settler";

export interface ActionTiming {
  /** Between two asks for a job. */
  pollMs: number;
  /** From the end of an action to the figures that it is judged by. */
  settleMs: number;
  /** How long the first sample after the end is waited for. */
  afterMs: number;
}

export interface ActionDeps {
  db: Store;
  audit: Audit;
  fleet: ActionFleet;
  logger: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  timing: ActionTiming;
  stopping: AbortSignal;
}

export interface ActionService extends Actions {
  /**
   * Once, before anything else: closes what a console that died left running, as failed with OUTCOME_UNKNOWN,
   * and arms the readings that are still to come.
   */
  start(): Promise<void>;
  /** Stops timers and following; an action under way stays open and is closed by the next start. */
  stop(): Promise<void>;
}

export function createActions(
  given: Omit<ActionDeps, "timing" | "stopping"> & { timing?: Partial<ActionTiming> },
): ActionService {
  const stop = new AbortController();
  const deps: ActionDeps = {
    ...given,
    timing: { pollMs: 500, settleMs: 300_000, afterMs: 4_000, ...given.timing },
    stopping: stop.signal,
  };
  const { db, logger, now } = deps;
  const previews = createPreviews(now);
  const markers = createMarkerRing(now);
  const settler = createSettler(deps);
  const locks = new Set<string>();
  const underway = new Set<Promise<unknown>>();

  /** Carries the action out and writes each step; `onAccepted` is called when the member has taken it on. */
  async function carryOut(begun: Action, caller: Caller, onAccepted: (action: Action) => void) {
    let action = begun;
    const outcome = await perform(deps, action, async (progress) => {
      if (progress.done !== action.done || action.cleanup === null) {
        action = { ...action, ...progress };
        await updateAction(db, action);
      }
      onAccepted(action);
    });
    action = await finishAction(deps, action, outcome, caller);
    markers.set(action);
    if (action.state === "failed") return action;
    settler.arm(action);
    const after = await readAfter(deps, action);
    return after ? settler.write(action.id, { after }) : action;
  }

  /** The lock stays when `begin` succeeds: it is the action's from then on. */
  async function locked(key: string, begin: (lock: () => void) => Promise<Action>): Promise<Action> {
    let taken = false;
    try {
      return await begin(() => {
        if (locks.has(key)) throw new CodedError("ACTION_RUNNING", `under way: ${key}`);
        locks.add(key);
        taken = true;
      });
    } catch (error) {
      if (taken) locks.delete(key);
      throw error;
    }
  }

  return {
    preview: (caller, serverId, kind, match) => previewAction(deps, previews, caller, serverId, kind, match),

    async run(caller, serverId, kind, request) {
      const begun = await locked(`${kind} ${serverId}`, (lock) =>
        beginAction(deps, previews, caller, serverId, kind, request, lock),
      );
      markers.set(begun);
      return new Promise<Action>((resolve, reject) => {
        const work = carryOut(begun, caller, resolve)
          .then(resolve, (error: unknown) => {
            if (!isCodedError(error) || error.code !== "SHUTTING_DOWN") {
              logger.error("action could not be written", { action: begun.id, error: String(error) });
            }
            reject(error);
          })
          .finally(() => {
            locks.delete(`${kind} ${serverId}`);
            underway.delete(work);
          });
        underway.add(work);
      });
    },

    find: (actionId) => readAction(db, actionId),
    list: ({ serverId, ...filter }) =>
      readActions(db, { ...filter, serverIds: serverId === undefined ? undefined : [serverId] }),
    markers: (fromMs) => markers.since(fromMs),

    async start() {
      for (const action of await readPending(db, now())) {
        if (action.state !== "running") {
          if (action.settled === null) settler.arm(action);
          continue;
        }
        await finishAction(
          deps,
          action,
          { state: "failed", error: { code: "OUTCOME_UNKNOWN", details: { cause: "CONSOLE_STOPPED" } } },
          null,
        );
        logger.warn("action was under way when the console ended", { action: action.id, kind: action.kind });
      }
      const { actions } = await readActions(db, { fromMs: now() - 86_400_000, limit: 5_000 });
      for (const action of actions.reverse()) markers.set(action);
    },

    async stop() {
      stop.abort();
      settler.stop();
      await Promise.race([Promise.allSettled(underway), sleep(3_000, undefined, { ref: false })]);
    },
  };
}
