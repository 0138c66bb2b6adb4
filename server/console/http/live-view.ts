import type { z } from "zod";
import { type LiveView, type liveQuerySchema, liveViewSchema } from "../../../lib/contract/live";
import { parseInput } from "../parse-input";

/** The view that the query of GET /api/live names. Throws INVALID_QUERY for a server's view without a server. */
export function liveViewOf({ view, serverId }: z.output<typeof liveQuerySchema>): LiveView {
  const named = view === "server" ? { kind: view, serverId } : { kind: view };
  return parseInput(liveViewSchema, named, "INVALID_QUERY");
}
