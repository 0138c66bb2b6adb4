import type { serviceRoutes } from "../../../lib/contract/routes";
import { checkHealth } from "../stats/health";
import { buildStats } from "../stats/stats";
import type { Handler } from "./handler";

export const health: Handler<(typeof serviceRoutes)["health"]> = async ({ service, http }) => {
  const answer = checkHealth(await buildStats(service), service.cache.state());
  return http.json(answer, answer.status === "healthy" || answer.status === "degraded" ? 200 : 503);
};
