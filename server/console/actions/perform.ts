import type { Action } from "../../../lib/contract/console-api";
import { serviceRoutes } from "../../../lib/contract/routes";
import type { CleanupJob } from "../../../lib/contract/service-api";
import { isCodedError } from "../../../lib/errors";
import type { ActionDeps } from "./actions";
import { followJob } from "./follow-job";

export type Outcome = Partial<Pick<Action, "done" | "total" | "cleanup" | "gc" | "reload" | "error">> & {
  state: "succeeded" | "partial" | "failed";
};

/**
 * Does on the member what the action says. What goes wrong is an outcome, not an exception, except
 * SHUTTING_DOWN: then nobody knows how it ends.
 */
export async function perform(
  deps: ActionDeps,
  action: Action,
  onProgress: (progress: Pick<Action, "done" | "total" | "cleanup">) => Promise<void>,
): Promise<Outcome> {
  try {
    return await outcomeOf(deps, action, onProgress);
  } catch (error) {
    if (isCodedError(error) && error.code === "SHUTTING_DOWN") throw error;
    if (isCodedError(error)) return failed(error.code, error.details);
    deps.logger.error("action failed", { action: action.id, kind: action.kind, error: String(error) });
    return failed("INTERNAL");
  }
}

async function outcomeOf(
  deps: ActionDeps,
  action: Action,
  onProgress: Parameters<typeof perform>[2],
): Promise<Outcome> {
  const member = deps.fleet.member(action.serverId);
  const options = { requestedBy: action.by, timeoutMs: 60_000 };
  if (action.kind === "force-gc") {
    return { state: "succeeded", gc: await member.call(serviceRoutes.forceGc, {}, options) };
  }
  if (action.kind === "reload-config") {
    const reload = await member.call(serviceRoutes.reloadConfig, { body: { dry_run: false } }, options);
    if (reload.valid) return { state: "succeeded", reload };
    return { ...failed("INVALID_CONFIG", { mistakes: reload.mistakes.length }), reload };
  }
  const body = { ...action.match, dry_run: false };
  const started = await member.call(serviceRoutes.cleanupConnections, { body }, options);
  await onProgress(progressOf(started));
  const job = await followJob(deps, member, started, {
    requestedBy: action.by,
    onProgress: (at) => onProgress(progressOf(at)),
  });
  return { ...progressOf(job), ...verdictOf(job, action.match?.max) };
}

function progressOf(job: CleanupJob): Pick<Action, "done" | "total" | "cleanup"> {
  return { done: job.done, total: job.total, cleanup: job.result };
}

/** Those spared came to life again, so they were never to be closed; those already gone need no closing. */
function verdictOf(job: CleanupJob, max = Number.POSITIVE_INFINITY): Outcome {
  const { candidates, closed, already_gone, spared } = job.result;
  const left = Math.min(candidates.total, max) - closed - already_gone - spared;
  if (job.state === "failed" && closed === 0) {
    return failed("MEMBER_REFUSED", { code: job.error?.code ?? null, message: job.error?.message ?? null });
  }
  if (job.state === "succeeded" && left <= 0) return { state: "succeeded" };
  return {
    state: "partial",
    error: job.error && { code: "MEMBER_REFUSED", details: { code: job.error.code } },
  };
}

function failed(code: string, details: Record<string, unknown> = {}): Outcome {
  return { state: "failed", error: { code, details } };
}
