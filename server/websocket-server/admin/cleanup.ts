import type { serviceRoutes } from "../../../lib/contract/routes";
import { startCleanup } from "../jobs/cleanup-connections";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const cleanupConnections: Handler<Routes["cleanupConnections"]> = async ({ service, body, http }) => {
  const answer = service.jobs.add(await startCleanup(service, body ?? {}));
  return http.json(answer, answer.state === "running" ? 202 : 200);
};
