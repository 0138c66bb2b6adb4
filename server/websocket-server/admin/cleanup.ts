import type { serviceRoutes } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import type { CleanupJob } from "../connections/cleanup-job";
import { startCleanup } from "../connections/cleanup-job";
import type { ServiceContext } from "../context";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

const jobsKept = 100;
const jobs = new WeakMap<ServiceContext, Map<string, CleanupJob>>();

function jobsOf(service: ServiceContext): Map<string, CleanupJob> {
  const own = jobs.get(service) ?? new Map<string, CleanupJob>();
  jobs.set(service, own);
  return own;
}

function findJob(service: ServiceContext, id: string): CleanupJob {
  const found = jobsOf(service).get(id);
  if (found === undefined) throw new CodedError("UNKNOWN_JOB", "no such job", { id });
  return found;
}

export const cleanupConnections: Handler<Routes["cleanupConnections"]> = ({ service, body, http }) => {
  const started = startCleanup(service, body ?? {});
  const own = jobsOf(service);
  own.set(started.id, started);
  for (const [id, old] of own) {
    if (own.size <= jobsKept) break;
    if (old.read().state !== "running") own.delete(id);
  }
  const answer = started.read();
  return http.json(answer, answer.state === "running" ? 202 : 200);
};

export const job: Handler<Routes["job"]> = ({ service, params }) => findJob(service, params.id).read();

export const stopJob: Handler<Routes["stopJob"]> = ({ service, params }) => {
  const found = findJob(service, params.id);
  found.stop();
  return found.read();
};
