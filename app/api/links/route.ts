import { consoleRoutes } from "@/lib/contract/routes";
import { withRoute } from "@/server/console/http/with-route";
import { runtime } from "@/server/console/runtime";

export const GET = withRoute(consoleRoutes.links, async ({ query }) => ({
  links: await runtime().links.list(query),
}));

export const POST = withRoute(consoleRoutes.createLink, ({ caller, body }) =>
  runtime().links.create(caller, body),
);
