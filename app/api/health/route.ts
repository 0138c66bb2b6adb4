import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const GET = withRoute(consoleRoutes.health, () => {
  const { version, startedAtMs, stopping } = runtime();
  return { status: stopping() ? ("stopping" as const) : ("ok" as const), version, startedAtMs };
});
