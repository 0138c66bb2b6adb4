import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const GET = withRoute(consoleRoutes.fleet, () => runtime().fleet.snapshot());
