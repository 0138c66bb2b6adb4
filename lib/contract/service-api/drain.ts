import { z } from "zod";
import { amount, count, instant } from "./common";

/**
 * Body of POST /admin/drain: new connections are refused and /health says `draining`. With
 * `close_connections` the clients there are get a `goodbye` too, at `rate_per_second`.
 */
export const drainRequestSchema = z.strictObject({
  close_connections: z.boolean().optional(),
  rate_per_second: z.number().positive().max(10_000).optional(),
  reason: z.string().min(1).max(123).optional(),
});
export type DrainRequest = z.infer<typeof drainRequestSchema>;

/** POST /admin/drain and /admin/undrain. */
export const drainStateSchema = z.object({
  state: z.enum(["running", "draining"]),
  since_ms: instant.nullable(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  active_connections: count,
  /** Told goodbye so far. */
  goodbyes: count,
  /** Of the closing that goes on; null when none does. */
  rate_per_second: amount.nullable(),
});
export type DrainState = z.infer<typeof drainStateSchema>;
