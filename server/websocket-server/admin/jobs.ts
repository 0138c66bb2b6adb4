import type { serviceRoutes } from "../../../lib/contract/routes";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const job: Handler<Routes["job"]> = ({ service, params }) => service.jobs.find(params.id).read();

export const stopJob: Handler<Routes["stopJob"]> = ({ service, params }) => {
  const found = service.jobs.find(params.id);
  found.stop();
  return found.read();
};
