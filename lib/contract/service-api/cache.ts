import { z } from "zod";
import { amount, count } from "./common";

export const cachedTopicSchema = z.object({
  topic: z.string(),
  seq: count,
  age_seconds: amount,
  bytes: count,
});

/** GET /admin/cache: last values and histories. */
export const cacheSchema = z.object({
  backend: z.enum(["memory", "redis"]),
  /** `down`: what stands here is this instance's copy. */
  state: z.enum(["ready", "connecting", "down"]),
  entries: count,
  /** Last values. */
  bytes: count,
  history_messages: count,
  history_bytes: count,
  hits_total: count,
  misses_total: count,
  /** Entries older than `stale_after_seconds`. */
  stale_entries: count,
  stale_after_seconds: amount,
  /** Stalest first, at most 20. */
  oldest: z.array(cachedTopicSchema).max(20),
  redis: z
    .object({
      /** Host and port, without user or password. */
      address: z.string(),
      version: z.string().nullable(),
      used_memory_bytes: count.nullable(),
      round_trip_ms: amount.nullable(),
      reconnects_total: count,
      errors_total: count,
      last_error: z.string().nullable(),
    })
    .nullable(),
});
export type Cache = z.infer<typeof cacheSchema>;

/** Body of POST /admin/cache/flush. Without a body everything goes; sequence numbers go on. */
export const flushCacheRequestSchema = z.strictObject({
  /** Only this topic. */
  topic: z.string().max(256).optional(),
  stale_only: z.boolean().optional(),
  dry_run: z.boolean().optional(),
});
export type FlushCacheRequest = z.infer<typeof flushCacheRequestSchema>;

export const flushCacheResultSchema = z.object({
  dry_run: z.boolean(),
  entries: count,
  bytes: count,
  history_messages: count,
});
export type FlushCacheResult = z.infer<typeof flushCacheResultSchema>;
