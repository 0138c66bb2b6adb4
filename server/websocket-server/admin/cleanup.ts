import type { serviceRoutes } from "../../../lib/contract/routes";
import { startCleanup } from "../jobs/cleanup-connections";
import type { Handler } from "./handler";
import { tellMissing } from "./missing-workers";

type Routes = typeof serviceRoutes;

export const cleanupConnections: Handler<Routes["cleanupConnections"]> = async ({ service, body, http }) => {
  const { job, missing } = await startCleanup(service, body ?? {});
  tellMissing(http, missing);
  const answer = service.jobs.add(job);
  return http.json(answer, answer.state === "running" ? 202 : 200);
};
