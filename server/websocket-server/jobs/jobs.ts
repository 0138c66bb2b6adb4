import type { Job } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";

/** Something that takes time; what it tells of itself can be read while it runs and after. */
export interface RunningJob<J extends Job = Job> {
  readonly id: string;
  read(): J;
  stop(): void;
}

const kept = 100;

/** The newest jobs, and all that run. */
export class Jobs {
  readonly #jobs = new Map<string, RunningJob>();

  add<J extends Job>(job: RunningJob<J>): J {
    this.#jobs.set(job.id, job as unknown as RunningJob);
    for (const [id, old] of this.#jobs) {
      if (this.#jobs.size <= kept) break;
      if (old.read().state !== "running") this.#jobs.delete(id);
    }
    return job.read();
  }

  /** Throws UNKNOWN_JOB. */
  find(id: string): RunningJob {
    const found = this.#jobs.get(id);
    if (found === undefined) throw new CodedError("UNKNOWN_JOB", "no such job", { id });
    return found;
  }

  isRunning(kind: Job["kind"]): boolean {
    return [...this.#jobs.values()].some((job) => job.read().kind === kind && job.read().state === "running");
  }

  stopAll(): void {
    for (const job of this.#jobs.values()) job.stop();
  }
}
