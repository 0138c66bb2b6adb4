import type { Context } from "hono";

/** Who asked for a change, as they claim. */
export function requestedBy(http: Context): string {
  return (http.req.header("x-requested-by") ?? "unknown").slice(0, 256);
}
