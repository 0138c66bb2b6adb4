import type { Action } from "../../../lib/contract/console-api";
import { readAction, updateAction } from "./action-store";
import type { ActionDeps } from "./actions";
import { readingNow } from "./reading";

export interface Settler {
  /** Reads the figures again at `settlesAtMs`. */
  arm(action: Action): void;
  write(actionId: string, reading: Partial<Pick<Action, "after" | "settled">>): Promise<Action>;
  stop(): void;
}

export function createSettler({ db, fleet, logger, now }: ActionDeps): Settler {
  const timers = new Map<string, NodeJS.Timeout>();

  /** Reads before it writes: the figures right after and those of later come from two places. */
  const write: Settler["write"] = (actionId, reading) =>
    db.transaction().execute(async (transaction) => {
      const action = { ...(await readAction(transaction, actionId)), ...reading };
      await updateAction(transaction, action);
      return action;
    });

  async function settle(action: Action): Promise<void> {
    timers.delete(action.id);
    try {
      await write(action.id, { settled: readingNow(fleet, action.serverId, now()) });
    } catch (error) {
      logger.warn("figures after an action could not be kept", { action: action.id, error: String(error) });
    }
  }

  return {
    write,
    arm(action) {
      if (action.settlesAtMs === null) return;
      const timer = setTimeout(() => void settle(action), Math.max(0, action.settlesAtMs - now()));
      timers.set(action.id, timer.unref());
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
