import { z } from "zod";
import { incidentSummarySchema, markerSchema, serverStateSchema, stateReasonSchema } from "./console-api";
import { topTopicSchema } from "./service-api";

/**
 * Socket.IO between browser and console. The browser says what its page shows with `watch`; the answer is a
 * full frame, and then `frame` events carry what changed. The same frame is served by GET /api/live, which
 * the browser polls while the push is down.
 */

export const liveViewSchema = z.discriminatedUnion("kind", [
  /** Rows of all servers and the aggregates, in `fleetMetricNames` columns. */
  z.strictObject({ kind: z.literal("fleet") }),
  /** Rows of one server in `metricNames` columns. */
  z.strictObject({ kind: z.literal("server"), serverId: z.string().min(1).max(100) }),
  /** No rows: states and incidents only, for pages without live figures. */
  z.strictObject({ kind: z.literal("shell") }),
]);
export type LiveView = z.infer<typeof liveViewSchema>;

/** Series key, slot of time, then the values in the view's columns. A row replaces one of the same slot. */
export const sampleRowSchema = z.tuple([z.string(), z.number().int()]).rest(z.number().nullable());
export type SampleRow = z.infer<typeof sampleRowSchema>;

/** Server id, state, reason, since when, instant of the newest good sample. */
export const stateRowSchema = z.tuple([
  z.string(),
  serverStateSchema,
  stateReasonSchema.nullable(),
  z.number().int(),
  z.number().int().nullable(),
]);
export type StateRow = z.infer<typeof stateRowSchema>;

export const liveFrameSchema = z.object({
  /** True when the frame holds all that the view shows, false when only what changed. */
  full: z.boolean(),
  atMs: z.number().int(),
  stepMs: z.number().int(),
  samples: z.array(sampleRowSchema),
  states: z.array(stateRowSchema),
  reporting: z.number().int(),
  servers: z.number().int(),
  markers: z.array(markerSchema),
  /** Present when the set of open incidents changed. */
  openIncidents: z.array(incidentSummarySchema).optional(),
  /** Server view only, present when it changed. */
  topTopics: z
    .object({ topics: z.array(topTopicSchema), otherDeliveriesPerSecond: z.number().nullable() })
    .optional(),
});
export type LiveFrame = z.infer<typeof liveFrameSchema>;

export type WatchAnswer = { ok: true; frame: LiveFrame } | { ok: false; error: { code: string } };

/** GET /api/live?view=server&serverId=…&sinceMs=… */
export const liveQuerySchema = z.strictObject({
  view: z.enum(["fleet", "server", "shell"]),
  serverId: z.string().max(100).optional(),
  /** `atMs` of the frame before; without it the frame is full. */
  sinceMs: z.coerce.number().int().nonnegative().optional(),
});

export interface ClientEvents {
  watch: (view: LiveView, answer: (result: WatchAnswer) => void) => void;
}

export interface ServerEvents {
  frame: (frame: LiveFrame) => void;
  /** The session ended or was revoked: sign in again. */
  signedOut: () => void;
}

/** Path of the Socket.IO endpoint on the console's own server. */
export const livePath = "/api/socket";
