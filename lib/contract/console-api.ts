import { z } from "zod";
import { type MetricName, metricNames } from "./metrics";
import {
  cleanupRequestSchema,
  cleanupResultSchema,
  closedConnectionsSchema,
  connectionSchema,
  connectionsQuerySchema,
  gcResultSchema,
  reloadResultSchema,
  topTopicSchema,
} from "./service-api";

/** What the console serves to browsers and scripts: camelCase, units last, instants in epoch milliseconds. */

const instant = z.number().int().nonnegative();
const count = z.number().int().nonnegative();
/** A value per metric; null where a server did not tell. */
const value = z.number().nullable();

export const metricNameSchema = z.enum(metricNames as [MetricName, ...MetricName[]]);

export const roleSchema = z.enum(["viewer", "operator", "admin"]);
export type Role = z.infer<typeof roleSchema>;

export const serverStateSchema = z.enum([
  "healthy",
  "degraded",
  "critical",
  "down",
  "hanging",
  "no_data",
  "mismatch",
  "draining",
]);
export type ServerState = z.infer<typeof serverStateSchema>;

/** Why a server is in its state: `code` names a row of lib/health (and a message), `params` fill its words. */
export const stateReasonSchema = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type StateReason = z.infer<typeof stateReasonSchema>;

/** A row of the fleet: who it is, how it is, and its newest values. */
export const serverSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  region: z.string(),
  adminUrl: z.string(),
  wsUrl: z.string().nullable(),
  version: z.string().nullable(),
  state: serverStateSchema,
  /** null while healthy. */
  reason: stateReasonSchema.nullable(),
  sinceMs: instant,
  /** Of the newest good sample; null before the first. */
  lastSampleAtMs: instant.nullable(),
  /** The newest good sample's values by metric; empty before the first. */
  latest: z.partialRecord(metricNameSchema, value),
});
export type ServerSummary = z.infer<typeof serverSummarySchema>;

/** An action or another event that stands on the charts. */
export const markerSchema = z.object({
  actionId: z.string(),
  /** Counts the actions of one UTC day; the same number means the same action everywhere. */
  number: count,
  kind: z.enum(["cleanup-connections", "force-gc", "reload-config"]),
  serverId: z.string(),
  atMs: instant,
  by: z.string(),
  state: z.enum(["running", "succeeded", "partial", "failed"]),
});
export type Marker = z.infer<typeof markerSchema>;

export const severitySchema = z.enum(["sev1", "sev2", "sev3"]);
export type Severity = z.infer<typeof severitySchema>;
export const incidentStatusSchema = z.enum(["open", "monitoring", "resolved"]);
export type IncidentStatus = z.infer<typeof incidentStatusSchema>;

export const incidentSummarySchema = z.object({
  /** `INC-1` and up. */
  id: z.string(),
  title: z.string(),
  severity: severitySchema,
  status: incidentStatusSchema,
  serverIds: z.array(z.string()),
  lead: z.string(),
  startedAtMs: instant,
  detectedAtMs: instant,
  mitigatedAtMs: instant.nullable(),
  resolvedAtMs: instant.nullable(),
});
export type IncidentSummary = z.infer<typeof incidentSummarySchema>;

/** GET /api/fleet. */
export const fleetSnapshotSchema = z.object({
  fleetName: z.string(),
  environment: z.string(),
  atMs: instant,
  stepMs: count,
  servers: z.array(serverSummarySchema),
  /** The newest aggregated values: `fleet` and one per region. */
  aggregates: z.record(z.string(), z.partialRecord(metricNameSchema, value)),
  /** Servers whose sample is in the aggregates, of all servers. */
  reporting: count,
  markers: z.array(markerSchema),
  openIncidents: z.array(incidentSummarySchema),
});
export type FleetSnapshot = z.infer<typeof fleetSnapshotSchema>;

/** GET /api/servers/{serverId}. */
export const serverDetailSchema = z.object({
  fleetName: z.string(),
  environment: z.string(),
  atMs: instant,
  stepMs: count,
  server: serverSummarySchema,
  pid: count.nullable(),
  startedAtMs: instant.nullable(),
  byState: z.object({ active: count, half_open: count, slow: count, closing: count }).nullable(),
  closedByCode: z.record(z.string(), count).nullable(),
  closedBySide: z.object({ client: count, server: count, lost: count }).nullable(),
  topTopics: z.array(topTopicSchema),
  otherDeliveriesPerSecond: z.number().nullable(),
  /** Neighbours in the fleet's worst-first order. */
  previousServerId: z.string().nullable(),
  nextServerId: z.string().nullable(),
  markers: z.array(markerSchema),
  openIncidents: z.array(incidentSummarySchema),
});
export type ServerDetail = z.infer<typeof serverDetailSchema>;

const csv = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (v) => (typeof v === "string" ? v.split(",").filter(Boolean) : v),
    z.array(item).min(1).max(50),
  );

/** GET /api/history?keys=fleet,region:eu-west&metrics=…&fromMs=…&toMs=… */
export const historyQuerySchema = z.strictObject({
  keys: csv(z.string().max(200)),
  metrics: csv(metricNameSchema),
  fromMs: z.coerce.number().int().nonnegative(),
  toMs: z.coerce.number().int().nonnegative(),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

/** Columns over one time axis; null is a gap. `series[key][metric][i]` belongs to `timesMs[i]`. */
export const seriesWindowSchema = z.object({
  stepMs: count,
  timesMs: z.array(instant),
  series: z.record(z.string(), z.partialRecord(metricNameSchema, z.array(value))),
});
export type SeriesWindow = z.infer<typeof seriesWindowSchema>;

export const serverParamsSchema = z.object({ serverId: z.string().min(1).max(100) });

/** GET /api/servers/{serverId}/connections: one page, cut and sorted by the member. */
export const connectionsPageSchema = z.object({
  rows: z.array(connectionSchema),
  offset: count,
  total: count,
  /** Workers of the member that did not answer: theirs are neither among the rows nor in the total. */
  missingWorkers: z.array(z.string()).default([]),
  readAtMs: instant,
  /** Names this very page for some minutes, so that a snapshot holds what was seen. */
  viewId: z.string(),
});
export type ConnectionsPage = z.infer<typeof connectionsPageSchema>;
export const connectionsPageQuerySchema = connectionsQuerySchema.omit({ cursor: true, limit: true }).extend({
  offset: z.coerce.number().int().nonnegative().max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type ConnectionsPageQuery = z.infer<typeof connectionsPageQuerySchema>;

/** GET /api/servers/{serverId}/connections/by-network: IPv4 in /24, IPv6 in /48, largest first. */
export const connectionsByNetworkSchema = z.object({
  networks: z.array(z.object({ network: z.string(), connections: count, idle: count })).max(50),
  others: z.object({ networks: count, connections: count, idle: count }),
  readAtMs: instant,
});
export type ConnectionsByNetwork = z.infer<typeof connectionsByNetworkSchema>;

export const recentlyClosedSchema = closedConnectionsSchema.extend({ readAtMs: instant });
export type RecentlyClosed = z.infer<typeof recentlyClosedSchema>;

// ---- actions

export const actionKindSchema = z.enum(["cleanup-connections", "force-gc", "reload-config"]);
export type ActionKind = z.infer<typeof actionKindSchema>;
export const actionParamsSchema = serverParamsSchema.extend({ kind: actionKindSchema });

export const cleanupMatchSchema = cleanupRequestSchema.omit({ dry_run: true });
export type CleanupMatch = z.infer<typeof cleanupMatchSchema>;

/** Body of POST …/actions/{kind}/preview. Only a clean-up has something to match. */
export const actionPreviewRequestSchema = z.strictObject({ match: cleanupMatchSchema.optional() });

/** What the action would do now. The id is asked for by the action itself and is good for 60 s. */
export const actionPreviewSchema = z.object({
  previewId: z.string(),
  atMs: instant,
  kind: actionKindSchema,
  serverId: z.string(),
  activeConnections: count.nullable(),
  cleanup: cleanupResultSchema.nullable(),
  reload: reloadResultSchema.nullable(),
  memory: z
    .object({
      rssBytes: count,
      heapUsedBytes: count,
      externalBytes: count,
      lastFullGcHeapBytes: count.nullable(),
    })
    .nullable(),
});
export type ActionPreview = z.infer<typeof actionPreviewSchema>;

/** Body of POST …/actions/{kind}. `confirmName` is asked for when over a quarter of the server is hit. */
export const actionRequestSchema = z.strictObject({
  previewId: z.string().max(64),
  reason: z.string().trim().min(8).max(200),
  confirmName: z.string().max(100).optional(),
});
export type ActionRequest = z.infer<typeof actionRequestSchema>;

/** The figures set beside each other as before and after. */
export const actionReadingSchema = z.partialRecord(metricNameSchema, value);

export const actionSchema = z.object({
  id: z.string(),
  number: count,
  kind: actionKindSchema,
  serverId: z.string(),
  state: markerSchema.shape.state,
  by: z.string(),
  reason: z.string(),
  startedAtMs: instant,
  finishedAtMs: instant.nullable(),
  done: count,
  total: count,
  match: cleanupMatchSchema.nullable(),
  cleanup: cleanupResultSchema.nullable(),
  gc: gcResultSchema.nullable(),
  reload: reloadResultSchema.nullable(),
  error: z.object({ code: z.string(), details: z.record(z.string(), z.unknown()) }).nullable(),
  before: actionReadingSchema,
  /** Right after it ended; null until then. */
  after: actionReadingSchema.nullable(),
  /** Five minutes after it ended; null until then. */
  settled: actionReadingSchema.nullable(),
  settlesAtMs: instant.nullable(),
});
export type Action = z.infer<typeof actionSchema>;

export const actionsQuerySchema = z.strictObject({
  serverId: z.string().max(100).optional(),
  fromMs: z.coerce.number().int().nonnegative().optional(),
  toMs: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const actionListSchema = z.object({ actions: z.array(actionSchema), total: count });

// ---- snapshots, links, incidents

/** The pages that can be shared. */
export const sharedPageSchema = z.enum(["fleet", "server-overview", "server-connections", "incident"]);

/** What the browser asks to be frozen; the server reads samples, states and markers itself. */
export const snapshotRequestSchema = z.strictObject({
  page: sharedPageSchema.exclude(["incident"]),
  serverId: z.string().max(100).optional(),
  /** Path and query as in the address bar. */
  path: z.string().max(2_000).startsWith("/"),
  fromMs: instant,
  toMs: instant,
  /** Of the connections page on screen. */
  viewId: z.string().max(64).optional(),
  incident: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("new"),
        title: z.string().trim().min(4).max(200),
        severity: severitySchema,
        status: incidentStatusSchema.exclude(["resolved"]),
      }),
      z.strictObject({ kind: z.literal("add"), incidentId: z.string().max(32) }),
    ])
    .optional(),
});
export type SnapshotRequest = z.infer<typeof snapshotRequestSchema>;

export const snapshotSummarySchema = z.object({
  id: z.string(),
  page: sharedPageSchema,
  serverId: z.string().nullable(),
  path: z.string(),
  fromMs: instant,
  toMs: instant,
  takenAtMs: instant,
  takenBy: z.string(),
  incidentId: z.string().nullable(),
});
export type SnapshotSummary = z.infer<typeof snapshotSummarySchema>;

/** A frozen view: all that its page needs to be drawn again without any live data. */
export const snapshotSchema = snapshotSummarySchema.extend({
  fleet: fleetSnapshotSchema,
  server: serverDetailSchema.nullable(),
  samples: seriesWindowSchema,
  connections: z
    .object({
      query: connectionsPageQuerySchema,
      page: connectionsPageSchema,
      byNetwork: connectionsByNetworkSchema.nullable(),
      closed: recentlyClosedSchema.nullable(),
    })
    .nullable(),
  actions: z.array(actionSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** What a public link leaves out; applied on the server. */
export const redactionSchema = z.strictObject({
  clientIps: z.boolean(),
  userNames: z.boolean(),
  serverNames: z.boolean(),
  notes: z.boolean(),
});
export type Redaction = z.infer<typeof redactionSchema>;

export const linkRequestSchema = z.strictObject({
  target: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("snapshot"), snapshotId: z.string().max(64) }),
    z.strictObject({ kind: z.literal("incident"), incidentId: z.string().max(32) }),
  ]),
  expiresInSeconds: z
    .number()
    .int()
    .min(60)
    .max(90 * 86_400),
  redaction: redactionSchema,
});
export type LinkRequest = z.infer<typeof linkRequestSchema>;

export const linkSchema = z.object({
  id: z.string(),
  target: linkRequestSchema.shape.target,
  createdAtMs: instant,
  createdBy: z.string(),
  expiresAtMs: instant,
  revokedAtMs: instant.nullable(),
  lastOpenedAtMs: instant.nullable(),
  redaction: redactionSchema,
});
export type Link = z.infer<typeof linkSchema>;

/** The only time that the token is told: it is kept hashed. */
export const createdLinkSchema = linkSchema.extend({ url: z.string() });
export type CreatedLink = z.infer<typeof createdLinkSchema>;

export const linksQuerySchema = z.strictObject({
  snapshotId: z.string().max(64).optional(),
  incidentId: z.string().max(32).optional(),
});
export const linkListSchema = z.object({ links: z.array(linkSchema) });

export const timelineEntrySchema = z.object({
  id: z.string(),
  atMs: instant,
  kind: z.enum(["declared", "note", "action", "snapshot", "status", "severity", "title", "lead"]),
  by: z.string(),
  /** A note's text; null for others and where it is hidden. */
  text: z.string().nullable(),
  hidden: z.boolean(),
  /** Words of a change, as `{from, to}`. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  action: actionSchema.nullable(),
  snapshotId: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const incidentSchema = incidentSummarySchema.extend({
  cause: z.string(),
  snapshots: z.array(snapshotSummarySchema),
  /** The newest snapshot whole, for the frozen charts; null without one. */
  snapshot: snapshotSchema.nullable(),
  /** Newest first. */
  timeline: z.array(timelineEntrySchema),
});
export type Incident = z.infer<typeof incidentSchema>;

export const incidentRequestSchema = z.strictObject({
  title: z.string().trim().min(4).max(200),
  severity: severitySchema,
  status: incidentStatusSchema.exclude(["resolved"]),
  serverIds: z.array(z.string().max(100)).max(1_000),
  startedAtMs: instant.optional(),
});
export type IncidentRequest = z.infer<typeof incidentRequestSchema>;

export const incidentChangeSchema = z
  .strictObject({
    title: z.string().trim().min(4).max(200),
    severity: severitySchema,
    status: incidentStatusSchema,
    lead: z.string().max(64),
    cause: z.string().max(4_000),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { message: "name at least one field to change" });
export type IncidentChange = z.infer<typeof incidentChangeSchema>;

export const noteRequestSchema = z.strictObject({ text: z.string().trim().min(1).max(4_000) });
export const incidentsQuerySchema = z.strictObject({
  q: z.string().max(200).optional(),
  severity: severitySchema.optional(),
  status: incidentStatusSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  offset: z.coerce.number().int().nonnegative().default(0),
});
export type IncidentsQuery = z.infer<typeof incidentsQuerySchema>;
export const incidentListSchema = z.object({
  incidents: z.array(incidentSummarySchema),
  total: count,
  /** Medians over the matched incidents of the last 30 days; null without one to tell. */
  medianDetectMs: z.number().nullable(),
  medianMitigateMs: z.number().nullable(),
});
export type IncidentList = z.infer<typeof incidentListSchema>;

/** What a public link shows, redacted on the server. Exactly one of snapshot and incident is there. */
export const publicViewSchema = z.object({
  /** An incident is shown as it stood then. */
  sharedAtMs: instant,
  expiresAtMs: instant,
  redaction: redactionSchema,
  snapshot: snapshotSchema.nullable(),
  incident: incidentSchema.nullable(),
});
export type PublicView = z.infer<typeof publicViewSchema>;

/** GET /api/health: the console's own. */
export const consoleHealthSchema = z.object({
  status: z.enum(["ok", "stopping"]),
  version: z.string(),
  startedAtMs: instant,
});
