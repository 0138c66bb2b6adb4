import { z } from "zod";
import { connectionSorts, connectionStates } from "../connection-fields";
import { amount, count, instant, pageQuery, wholeNumber } from "./common";

export const connectionStateSchema = z.enum(connectionStates);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** One row of GET /admin/connections. */
export const connectionSchema = z.object({
  id: z.string(),
  remote_ip: z.string(),
  remote_port: count,
  user_agent: z.string(),
  connected_at_ms: instant,
  /** Seconds since the last data frame either way; control frames don't count. */
  idle_time: amount,
  last_message_at_ms: instant.nullable(),
  rtt_ms: amount.nullable(),
  subscriptions: count,
  messages_in_total: count,
  messages_out_total: count,
  bytes_in_total: count,
  bytes_out_total: count,
  buffered_bytes: count,
  dropped_total: count,
  state: connectionStateSchema,
});
export type Connection = z.infer<typeof connectionSchema>;

export const connectionSortSchema = z.enum(connectionSorts);

/** Query of GET /admin/connections. Without `limit` every match is streamed. */
export const connectionsQuerySchema = z.strictObject({
  /** Part of an id, an address or a user agent. */
  q: z.string().max(200).optional(),
  idle_gt: z.coerce.number().nonnegative().optional(),
  ip: z.string().max(64).optional(),
  topic: z.string().max(256).optional(),
  state: connectionStateSchema.optional(),
  min_buffered: wholeNumber.optional(),
  sort: connectionSortSchema.optional(),
  order: z.enum(["asc", "desc"]).optional(),
  /** `cursor` comes from the `X-Next-Cursor` header of the page before; a plain row offset is taken too. */
  ...pageQuery,
});
export type ConnectionsQuery = z.infer<typeof connectionsQuerySchema>;

/** GET /admin/connections: a bare array; `X-Total-Count` and `X-Next-Cursor` are headers. */
export const connectionsSchema = z.array(connectionSchema);

/** GET /admin/connections/by-ip: largest first. */
export const connectionsByIpSchema = z.array(
  z.object({ remote_ip: z.string(), connections: count, idle: count }),
);
export type ConnectionsByIp = z.infer<typeof connectionsByIpSchema>;

/** GET /admin/closed-connections: the newest closes and the lifetimes of all that are kept. */
export const closedConnectionsSchema = z.object({
  closes: z.array(
    z.object({
      id: z.string(),
      remote_ip: z.string(),
      closed_at_ms: instant,
      lifetime_seconds: amount,
      /** `lost` means that no close frame came. */
      side: z.enum(["client", "server", "lost"]),
      code: z.number().int(),
      reason: z.string(),
    }),
  ),
  /** Every close since the start of the service, by lifetime in bins of `bin_seconds`; the last bin is open. */
  lifetimes: z.object({ bin_seconds: amount, counts: z.array(count) }),
});
export type ClosedConnections = z.infer<typeof closedConnectionsSchema>;

export const closedConnectionsQuerySchema = z.strictObject({
  limit: wholeNumber.min(1).max(5_000).optional(),
  side: z.enum(["client", "server", "lost"]).optional(),
});

export const connectionParamsSchema = z.object({ id: z.string().min(1).max(64) });

/** GET /admin/connections/{id}. */
export const connectionDetailSchema = connectionSchema.extend({
  /** The event loop that serves it, as named by GET /admin/threads. */
  worker: z.string(),
  origin: z.string().nullable(),
  tls: z.boolean(),
  queued_messages: count,
  /** `pattern` when it holds the topic through a pattern. At most 1,000, by name. */
  topics: z.array(z.object({ topic: z.string(), pattern: z.string().nullable(), seq: count })).max(1_000),
  /** What happened to it, newest first: subscribed, refused, conflated, pinged late and so on. */
  events: z.array(z.object({ at_ms: instant, event: z.string(), detail: z.string() })).max(50),
});
export type ConnectionDetail = z.infer<typeof connectionDetailSchema>;

/** Query of DELETE /admin/connections/{id}: a code that an endpoint may send (RFC 6455, section 7.4). */
export const closeConnectionQuerySchema = z.strictObject({
  code: z.coerce
    .number()
    .int()
    .refine((code) => [1000, 1001, 1008, 1011, 1012, 1013].includes(code) || (code >= 3000 && code <= 4999), {
      message: "expected 1000, 1001, 1008, 1011, 1012, 1013 or 3000 to 4999",
    })
    .optional(),
  /** At most 123 bytes. */
  reason: z
    .string()
    .refine((reason) => new TextEncoder().encode(reason).length <= 123, { message: "at most 123 bytes" })
    .optional(),
});
export const closeConnectionResultSchema = z.object({
  id: z.string(),
  code: z.number().int(),
  reason: z.string(),
});
