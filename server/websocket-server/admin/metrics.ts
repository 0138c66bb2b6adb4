import type { serviceRoutes } from "../../../lib/contract/routes";
import { renderMetrics } from "../stats/prometheus";
import { buildStats } from "../stats/stats";
import type { Handler } from "./handler";

export const metrics: Handler<(typeof serviceRoutes)["metrics"]> = async ({ service, http }) => {
  const openMetrics = /application\/openmetrics-text/i.test(http.req.header("accept") ?? "");
  const { text, contentType } = await renderMetrics(await buildStats(service), openMetrics);
  return http.body(text, 200, { "Content-Type": contentType });
};
