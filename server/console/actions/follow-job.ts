import { setTimeout as sleep } from "node:timers/promises";
import { serviceRoutes } from "../../../lib/contract/routes";
import type { CleanupJob } from "../../../lib/contract/service-api";
import { CodedError, isCodedError } from "../../../lib/errors";
import type { MemberClient } from "../fleet/member-client";
import type { ActionDeps } from "./actions";

/** A member that is busy closing thousands of sockets may miss some asks in a row. */
const missesAllowed = 10;

/**
 * Asks for a job until it has ended. Throws OUTCOME_UNKNOWN when the member no longer knows the job, as after
 * a restart of its own, or stops answering; SHUTTING_DOWN when the console stops first.
 */
export async function followJob(
  { timing, stopping }: Pick<ActionDeps, "timing" | "stopping">,
  member: MemberClient,
  started: CleanupJob,
  { requestedBy, onProgress }: { requestedBy: string; onProgress?: (job: CleanupJob) => Promise<void> },
): Promise<CleanupJob> {
  let job = started;
  let misses = 0;
  while (job.state === "running") {
    try {
      await sleep(timing.pollMs, undefined, { signal: stopping });
    } catch (error) {
      throw new CodedError("SHUTTING_DOWN", "the console is stopping", {}, error);
    }
    try {
      const answer = await member.call(
        serviceRoutes.job,
        { params: { id: started.id } },
        { requestedBy, timeoutMs: 5_000 },
      );
      if (answer.kind !== started.kind) throw new CodedError("MEMBER_MISMATCH", "another job has that id");
      job = answer;
      misses = 0;
    } catch (error) {
      misses += 1;
      const forgotten = isCodedError(error) && error.details.code === "UNKNOWN_JOB";
      if (!forgotten && misses < missesAllowed) continue;
      const cause = isCodedError(error) ? error.code : "INTERNAL";
      throw new CodedError("OUTCOME_UNKNOWN", "the job can't be followed any more", { cause }, error);
    }
    await onProgress?.(job);
  }
  return job;
}
