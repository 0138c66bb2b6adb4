import { z } from "zod";
import { amount, count, instant, pageFields, pageQuery } from "./common";

/**
 * Why subscriptions to a topic can't bring anything: nothing covers its name any more, nothing has fed it for
 * long, or who holds them is gone without having closed.
 */
export const invalidSubscriptionSchema = z.enum(["no_such_topic", "no_publisher", "dead_owner"]);
export type InvalidSubscription = z.infer<typeof invalidSubscriptionSchema>;

export const topicSchema = z.object({
  topic: z.string(),
  subscribers: count,
  /** Of these, held through a pattern. */
  pattern_subscribers: count,
  /** Of these, whose connection has stopped answering. */
  dead_subscribers: count,
  messages_per_second: amount,
  deliveries_per_second: amount,
  seq: count,
  last_message_at_ms: instant.nullable(),
  /** Seconds since the last message; null before the first one. */
  age_seconds: amount.nullable(),
  /** Messages that a client coming back can still get. */
  history_messages: count,
  invalid: invalidSubscriptionSchema.nullable(),
});
export type TopicRow = z.infer<typeof topicSchema>;

export const subscriptionsQuerySchema = z.strictObject({
  /** Part of a topic's name. */
  q: z.string().max(256).optional(),
  subscribed: z.enum(["true", "false"]).optional(),
  invalid: z.enum(["true", "false"]).optional(),
  sort: z
    .enum(["topic", "subscribers", "messages_per_second", "deliveries_per_second", "seq", "age_seconds"])
    .optional(),
  order: z.enum(["asc", "desc"]).optional(),
  ...pageQuery,
});
export type SubscriptionsQuery = z.infer<typeof subscriptionsQuerySchema>;

/** GET /admin/subscriptions. Without `limit` 200. */
export const subscriptionsSchema = z.object({
  now_ms: instant,
  /** A topic that nothing fed for this long has no publisher. */
  no_publisher_after_seconds: amount,
  ...pageFields,
  topics: z.array(topicSchema),
});
export type Subscriptions = z.infer<typeof subscriptionsSchema>;

/** Body of POST /admin/cleanup-subscriptions. Without a body: every invalid subscription. */
export const cleanupSubscriptionsRequestSchema = z.strictObject({
  kinds: z.array(invalidSubscriptionSchema).min(1).optional(),
  /** Only this topic. */
  topic: z.string().max(256).optional(),
  /** Silence after which a topic counts as without publisher. */
  no_publisher_after_seconds: z.number().positive().max(31_536_000).optional(),
  max: z.number().int().positive().optional(),
  dry_run: z.boolean().optional(),
});
export type CleanupSubscriptionsRequest = z.infer<typeof cleanupSubscriptionsRequestSchema>;

export const cleanupSubscriptionsResultSchema = z.object({
  dry_run: z.boolean(),
  candidates: z.object({ total: count, no_such_topic: count, no_publisher: count, dead_owner: count }),
  /** Subscriptions ended; 0 on a dry run. Their clients are told by `unsubscribed`. */
  cleared: count,
  topics: z
    .array(z.object({ topic: z.string(), subscriptions: count, why: invalidSubscriptionSchema }))
    .max(200),
});
export type CleanupSubscriptionsResult = z.infer<typeof cleanupSubscriptionsResultSchema>;
