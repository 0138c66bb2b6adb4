import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const POST = withRoute(consoleRoutes.previewAction, ({ caller, params, body }) =>
  runtime().actions.preview(caller, params.serverId, params.kind, body.match),
);
