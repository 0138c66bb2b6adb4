import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const GET = withRoute(consoleRoutes.incidents, ({ query }) => runtime().incidents.list(query));

export const POST = withRoute(consoleRoutes.createIncident, ({ caller, body }) =>
  runtime().incidents.create(caller, body),
);
