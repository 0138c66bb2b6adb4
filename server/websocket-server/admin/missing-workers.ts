import type { Context } from "hono";

/** Names in a header the workers that an answer had to be made without. */
export function tellMissing(http: Context, missing: readonly string[]): void {
  if (missing.length > 0) http.header("X-Missing-Workers", missing.join(", "));
}
