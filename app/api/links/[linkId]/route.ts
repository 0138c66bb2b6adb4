import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const DELETE = withRoute(consoleRoutes.revokeLink, ({ caller, params }) =>
  runtime().links.revoke(caller, params.linkId),
);
