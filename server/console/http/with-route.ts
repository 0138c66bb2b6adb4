import type { z } from "zod";
import type { Route } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import { callerOf } from "../auth/request-caller";
import { isAtLeast } from "../auth/role-rank";
import { parseInput } from "../parse-input";
import { type Caller, runtime } from "../runtime";
import { errorEnvelope, toCodedError } from "./error-response";
import { queryObject } from "./query-object";
import { readJsonBody } from "./read-body";
import { isSameOrigin } from "./same-origin";

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Part<R extends Route, K extends "params" | "query" | "body"> = R extends { [P in K]: infer T }
  ? Parsed<T>
  : undefined;

export interface RouteInput<R extends Route> {
  /** Null only on public routes. */
  caller: R["role"] extends "public" ? null : Caller;
  params: Part<R, "params">;
  query: Part<R, "query">;
  body: Part<R, "body">;
  request: Request;
}

export type RouteOutput<R extends Route> = R["output"] extends z.ZodType ? z.input<R["output"]> : never;

type Respond = (
  request: Request,
  context: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;

/** `route` is the contract entry that it serves. */
export type RouteHandler = Respond & { route: Route };

/**
 * A route handler for a contract entry: session, role, origin, input, call, output, each failure in the one
 * envelope. A handler's answer is checked against the contract everywhere but in production, where the cost
 * of it would be paid at every poll.
 */
export function withRoute<const R extends Route>(
  route: R,
  handle: (input: RouteInput<R>) => RouteOutput<R> | Promise<RouteOutput<R>>,
): RouteHandler {
  const respond: Respond = async (request, context) => {
    try {
      const caller = await admit(route, request);
      const params = route.params && parseInput(route.params, await context.params, "BAD_REQUEST");
      const query =
        route.query &&
        parseInput(route.query, queryObject(new URL(request.url).searchParams), "INVALID_QUERY");
      const body = route.body && parseInput(route.body, await readJsonBody(request), "INVALID_BODY");
      const output = await handle({ caller, params, query, body, request } as RouteInput<R>);
      checkOutput(route, output);
      return answer(200, output);
    } catch (error) {
      const coded = toCodedError(error, (cause) => {
        const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
        runtime().logger.error("request failed", { route: `${route.method} ${route.path}`, cause: text });
      });
      return answer(coded.status, errorEnvelope(coded), coded);
    }
  };
  return Object.assign(respond, { route });
}

/** Who may pass. A change that is refused to somebody signed in leaves a record. */
async function admit(route: Route, request: Request): Promise<Caller | null> {
  if (route.role === "public") return null;
  const { auth, publicUrl, refusals } = runtime();
  const caller = await callerOf(request.headers.get("cookie"), auth);
  if (!caller) throw new CodedError("UNAUTHENTICATED", "sign in first");
  const refusal = refusalOf(route, caller, request, publicUrl);
  if (!refusal) return caller;
  if (route.method !== "GET") {
    const path = new URL(request.url).pathname;
    await refusals.record({ caller, method: route.method, path, code: refusal.code });
  }
  throw refusal;
}

function refusalOf(route: Route, caller: Caller, request: Request, publicUrl: string): CodedError | null {
  if (!isAtLeast(caller.role, route.role)) {
    return new CodedError("FORBIDDEN", `this needs the role ${route.role}`, {
      needed: route.role,
      role: caller.role,
    });
  }
  if (route.method !== "GET" && !isSameOrigin((name) => request.headers.get(name), publicUrl)) {
    return new CodedError("CROSS_ORIGIN", "changes are taken from the console's own pages only");
  }
  return null;
}

function checkOutput(route: Route, output: unknown): void {
  if (process.env.NODE_ENV === "production" || typeof route.output === "string") return;
  const checked = route.output.safeParse(output);
  if (!checked.success) throw new Error(`the answer breaks the contract: ${checked.error.message}`);
}

function answer(status: number, content: unknown, error?: CodedError): Response {
  const headers: Record<string, string> = { "cache-control": "no-store" };
  const retryAfter = error?.details.retryAfterSeconds;
  if (typeof retryAfter === "number") headers["retry-after"] = String(retryAfter);
  return Response.json(content, { status, headers });
}
