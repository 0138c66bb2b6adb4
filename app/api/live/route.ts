import { consoleRoutes } from "@/lib/contract/routes";
import { liveViewOf } from "@/server/console/http/live-view";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const GET = withRoute(consoleRoutes.live, ({ query }) =>
  runtime().fleet.live(liveViewOf(query), query.sinceMs),
);
