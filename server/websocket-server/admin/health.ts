import type { serviceRoutes } from "../../../lib/contract/routes";
import { readOpenFileLimits } from "../host/open-file-limit";
import { checkHealth } from "../stats/health";
import { buildStats } from "../stats/stats";
import type { Handler } from "./handler";

export const health: Handler<(typeof serviceRoutes)["health"]> = async ({ service, http }) => {
  const answer = checkHealth(await buildStats(service), service.cache.state(), readOpenFileLimits().soft);
  return http.json(answer, answer.status === "healthy" || answer.status === "degraded" ? 200 : 503);
};
