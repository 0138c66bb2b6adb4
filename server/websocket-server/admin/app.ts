import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Route, serviceRoutes } from "../../../lib/contract/routes";
import type { ErrorBody } from "../../../lib/contract/service-api";
import { CodedError, isCodedError } from "../../../lib/errors";
import type { ServiceContext } from "../context";
import { readJsonBody } from "./body";
import { checkCaller } from "./guard";
import { type Handler, parseInput } from "./handler";
import { handlers } from "./handlers";
import { requestedBy } from "./requested-by";

/** The HTTP side: every route of the contract and nothing else. */
export function createAdminApp(service: ServiceContext): Hono {
  const app = new Hono();
  const byPath = new Map<string, [name: string, route: Route][]>();
  for (const [name, route] of Object.entries<Route>(serviceRoutes)) {
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    byPath.set(path, [...(byPath.get(path) ?? []), [name, route]]);
  }
  // A fixed path comes with all its methods before one with a parameter, which would match it too.
  const paths = [...byPath].sort(([a], [b]) => Number(a.includes(":")) - Number(b.includes(":")));
  for (const [path, routes] of paths) {
    for (const [name, route] of routes) {
      const handle = handlers[name as keyof typeof handlers] as Handler<Route>;
      app.on(route.method, path, (http) => serve(http, route, handle, service));
    }
    const allowed = routes.flatMap(([, { method }]) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    app.all(path, (http) => {
      checkCaller(http, null, service);
      http.header("Allow", allowed.join(", "));
      throw new CodedError("METHOD_NOT_ALLOWED", `allowed here: ${allowed.join(", ")}`, { allowed });
    });
  }
  app.notFound((http) => answerError(http, new CodedError("NOT_FOUND", "no such route"), service));
  app.onError((error, http) => answerError(http, error, service));
  return app;
}

async function serve(
  http: Context,
  route: Route,
  handle: Handler<Route>,
  service: ServiceContext,
): Promise<Response> {
  checkCaller(http, route.role, service);
  const params = parseInput(route.params, http.req.param(), "BAD_REQUEST");
  const query = parseInput(route.query, http.req.query(), "INVALID_QUERY");
  const body =
    route.method === "GET" ? undefined : parseInput(route.body, await readJsonBody(http), "INVALID_BODY");
  http.header("Cache-Control", "no-store");
  const answer = await handle({ params, query, body, http, service } as Parameters<typeof handle>[0]);
  const response = answer instanceof Response ? answer : http.json(answer);
  if (route.method !== "GET") audit(http, service, response.status);
  return response;
}

function audit(http: Context, service: ServiceContext, status: number): void {
  service.logger.info("audit", {
    method: http.req.method,
    path: http.req.path.slice(0, 512),
    by: requestedBy(http),
    status,
  });
}

function answerError(http: Context, error: unknown, service: ServiceContext): Response {
  const coded = isCodedError(error) ? error : new CodedError("INTERNAL", "internal error", {}, error);
  if (coded.code === "INTERNAL") {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    service.logger.error("admin request failed", { path: http.req.path.slice(0, 512), error: text });
  }
  if (!["GET", "HEAD"].includes(http.req.method)) audit(http, service, coded.status);
  if (coded.code === "UNAUTHENTICATED" || coded.code === "INVALID_TOKEN") {
    http.header("WWW-Authenticate", "Bearer");
  }
  // The rest of a body that was refused is not read.
  if (coded.code === "BODY_TOO_LARGE") http.header("Connection", "close");
  const details = Object.keys(coded.details).length > 0 ? { details: coded.details } : {};
  const body: ErrorBody = { error: { code: coded.code, message: coded.message, ...details } };
  return http.json(body, coded.status as ContentfulStatusCode);
}
