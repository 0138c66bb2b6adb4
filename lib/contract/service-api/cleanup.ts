import { z } from "zod";
import { count } from "./common";
import { connectionSchema } from "./connections";
import { jobFields } from "./job-fields";

/**
 * Body of POST /admin/cleanup-connections. Nothing given: idle over 300 s without subscriptions, or an
 * outbound queue that has not moved for 30 s. An empty `ids` matches nobody.
 */
export const cleanupRequestSchema = z.strictObject({
  idle_seconds: z.number().nonnegative().max(31_536_000).optional(),
  include_subscribed: z.boolean().optional(),
  ip: z.string().max(64).optional(),
  topic: z.string().max(256).optional(),
  min_buffered: z.number().int().nonnegative().optional(),
  ids: z.array(z.string().max(64)).max(10_000).optional(),
  ping_first: z.boolean().optional(),
  max: z.number().int().positive().optional(),
  rate_per_second: z.number().positive().max(10_000).optional(),
  dry_run: z.boolean().optional(),
});
export type CleanupRequest = z.infer<typeof cleanupRequestSchema>;

export const cleanupResultSchema = z.object({
  /** Who matched when the job began. */
  candidates: z.object({ total: count, idle: count, stuck: count, listed: count }),
  buffered_bytes: count,
  queued_messages: count,
  /** Matched and left open, because they answered `ping_first` or came to life before their turn. */
  spared: count,
  closed: count,
  already_gone: count,
  /** Addresses of closed connections that connected again before the job ended. */
  came_back: count,
  /** Largest buffers first, at most 20. */
  sample: z.array(connectionSchema).max(20),
  by_ip: z.array(z.object({ remote_ip: z.string(), connections: count })).max(20),
});
export type CleanupResult = z.infer<typeof cleanupResultSchema>;

export const cleanupJobSchema = z.object({
  ...jobFields,
  kind: z.literal("cleanup-connections"),
  dry_run: z.boolean(),
  result: cleanupResultSchema,
});
export type CleanupJob = z.infer<typeof cleanupJobSchema>;
