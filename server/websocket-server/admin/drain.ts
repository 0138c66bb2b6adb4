import type { serviceRoutes } from "../../../lib/contract/routes";
import type { Handler } from "./handler";
import { requestedBy } from "./requested-by";

type Routes = typeof serviceRoutes;

export const drain: Handler<Routes["drain"]> = async ({ service, body, http }) => {
  await service.lameDuck.begin(body ?? {}, requestedBy(http));
  return service.lameDuck.read();
};

export const undrain: Handler<Routes["undrain"]> = async ({ service, http }) => {
  await service.lameDuck.end(requestedBy(http));
  return service.lameDuck.read();
};
