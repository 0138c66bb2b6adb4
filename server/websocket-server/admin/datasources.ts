import type { serviceRoutes } from "../../../lib/contract/routes";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const datasourceStatus: Handler<Routes["datasourceStatus"]> = ({ service }) => ({
  datasources: service.sources.statuses(Date.now()),
});

export const restartDatasource: Handler<Routes["restartDatasource"]> = async ({ params, service }) => {
  const status = await service.sources.restart(params.name);
  service.logger.info("data source restarted", { source: status.name, state: status.state });
  return status;
};
