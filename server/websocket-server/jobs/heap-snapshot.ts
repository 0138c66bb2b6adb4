import { randomUUID } from "node:crypto";
import type { HeapSnapshotJob } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import type { ServiceContext } from "../context";
import { readAvailable } from "../heap-snapshots/folder";
import { snapshotFolder } from "../heap-snapshots/write";
import { jobError } from "./job-error";
import type { RunningJob } from "./jobs";

/**
 * Writes the heap of one process. Throws UNKNOWN_WORKER, JOB_RUNNING while another one is written, and NO_SPACE
 * when the disk might not hold it.
 */
export async function startHeapSnapshot(
  service: ServiceContext,
  wanted: string | undefined,
): Promise<RunningJob<HeapSnapshotJob>> {
  const target = service.processes().find(({ worker }) => wanted === undefined || worker === wanted);
  if (target === undefined) throw new CodedError("UNKNOWN_WORKER", "no such worker", { worker: wanted });
  if (service.jobs.isRunning("heap-snapshot")) {
    throw new CodedError("JOB_RUNNING", "a heap snapshot is being written");
  }
  const dataDir = service.settings().data_dir;
  const folder = snapshotFolder(dataDir);
  const [available, needed] = await Promise.all([
    readAvailable([folder, dataDir, process.cwd()]),
    target.snapshotNeeds(),
  ]);
  if (available !== null && available < needed) {
    const details = { available_bytes: available, needed_bytes: needed };
    throw new CodedError("NO_SPACE", "the disk might not hold a heap snapshot", details);
  }
  const job: HeapSnapshotJob = {
    id: randomUUID(),
    kind: "heap-snapshot",
    state: "running",
    created_at_ms: Date.now(),
    finished_at_ms: null,
    done: 0,
    total: 1,
    result: { worker: target.worker, snapshot: null, pause_ms: null },
    error: null,
  };
  // The answer leaves first: the process may be the one that stands still.
  setTimeout(() => {
    target
      .writeHeapSnapshot(folder)
      .then(
        ({ snapshot, pauseMs }) => {
          job.state = "succeeded";
          job.done = 1;
          job.result = { worker: target.worker, snapshot, pause_ms: pauseMs };
          service.logger.info("heap snapshot written", { ...snapshot, worker: target.worker });
        },
        (error: NodeJS.ErrnoException) => {
          job.state = "failed";
          job.error = jobError(error, error.code === "ENOSPC" ? "NO_SPACE" : "STORAGE_FAILED");
          service.logger.error("heap snapshot failed", { worker: target.worker, error: error.message });
        },
      )
      .finally(() => {
        job.finished_at_ms = Date.now();
      });
  }, 50);
  return {
    id: job.id,
    read: () => structuredClone(job),
    // One that has begun can't be stopped: its isolate stands still until it is written.
    stop: () => undefined,
  };
}
