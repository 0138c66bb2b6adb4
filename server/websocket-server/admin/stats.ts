import type { serviceRoutes } from "../../../lib/contract/routes";
import { buildStats } from "../stats/stats";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const stats: Handler<Routes["stats"]> = ({ service }) => buildStats(service);
