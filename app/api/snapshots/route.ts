import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const POST = withRoute(consoleRoutes.createSnapshot, ({ caller, body }) =>
  runtime().snapshots.create(caller, body),
);
