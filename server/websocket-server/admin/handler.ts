import type { Context } from "hono";
import type { z } from "zod";
import type { Route } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import type { ServiceContext } from "../context";

type Input<S> = S extends z.ZodType ? z.infer<S> : undefined;
type Field<R, F extends string> = R extends Record<F, infer S> ? Input<S> : undefined;

/** What a handler of route `R` gets, parsed by the contract. */
export interface Call<R extends Route> {
  params: Field<R, "params">;
  query: Field<R, "query">;
  body: Field<R, "body">;
  http: Context;
  service: ServiceContext;
}

type Answer<R extends Route> = R["output"] extends z.ZodType ? z.infer<R["output"]> : never;

/** Answers with the route's output, or with a response of its own where that must be streamed or is text. */
export type Handler<R extends Route> = (
  call: Call<R>,
) => Answer<R> | Response | Promise<Answer<R> | Response>;

/** Parses with a schema of the contract; throws INVALID_QUERY or INVALID_BODY with the path that failed. */
export function parseInput<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  code: "INVALID_QUERY" | "INVALID_BODY" | "BAD_REQUEST",
): Input<S> | undefined {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as Input<S>;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  const message = issue?.message ?? "not valid";
  throw new CodedError(code, path === "" ? message : `${path}: ${message}`, {
    path,
    issues: parsed.error.issues
      .slice(0, 10)
      .map((each) => ({ path: each.path.join("."), message: each.message })),
  });
}
