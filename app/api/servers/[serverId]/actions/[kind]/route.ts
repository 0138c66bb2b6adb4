import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const POST = withRoute(consoleRoutes.runAction, ({ caller, params, body }) =>
  runtime().actions.run(caller, params.serverId, params.kind, body),
);
