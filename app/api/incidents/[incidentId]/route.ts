import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const GET = withRoute(consoleRoutes.incident, ({ params }) =>
  runtime().incidents.find(params.incidentId),
);

export const PATCH = withRoute(consoleRoutes.changeIncident, ({ caller, params, body }) =>
  runtime().incidents.change(caller, params.incidentId, body),
);
