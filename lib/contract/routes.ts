import { z } from "zod";
import * as api from "./console-api";
import { liveFrameSchema, liveQuerySchema } from "./live";
import * as service from "./service-api";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One endpoint. `path` names parameters in braces. Outputs are schemas, or what the answer is when it isn't
 * JSON. `role` is the least role that may call it; `public` needs no session or token.
 */
export interface Route {
  method: Method;
  path: string;
  role: "public" | "token" | api.Role;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  output: z.ZodType | "text" | "none";
  /** One line for the documents. */
  about: string;
}

const jobParams = z.object({ id: z.string().min(1).max(64) });

/** What a member serves on its admin port. `token` asks for `admin.token` where one is set. */
export const serviceRoutes = {
  health: {
    method: "GET",
    path: "/health",
    role: "public",
    output: service.healthSchema,
    about: "Whether it should get traffic, with the checks that decided it.",
  },
  stats: {
    method: "GET",
    path: "/stats",
    role: "token",
    output: service.statsSchema,
    about: "All figures in one answer.",
  },
  config: {
    method: "GET",
    path: "/config",
    role: "token",
    output: service.runningConfigSchema,
    about: "The running configuration, secrets masked.",
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    role: "token",
    output: "text",
    about: "The figures of /stats for Prometheus.",
  },
  connections: {
    method: "GET",
    path: "/admin/connections",
    role: "token",
    query: service.connectionsQuerySchema,
    output: service.connectionsSchema,
    about: "Open connections, streamed; total and next cursor in headers.",
  },
  connectionsByIp: {
    method: "GET",
    path: "/admin/connections/by-ip",
    role: "token",
    output: service.connectionsByIpSchema,
    about: "Connections by address, largest first.",
  },
  closedConnections: {
    method: "GET",
    path: "/admin/closed-connections",
    role: "token",
    query: service.closedConnectionsQuerySchema,
    output: service.closedConnectionsSchema,
    about: "The newest closes and a histogram of lifetimes.",
  },
  cleanupConnections: {
    method: "POST",
    path: "/admin/cleanup-connections",
    role: "token",
    body: service.cleanupRequestSchema.optional(),
    output: service.cleanupJobSchema,
    about: "Close zombies, paced; answers a job.",
  },
  job: {
    method: "GET",
    path: "/admin/jobs/{id}",
    role: "token",
    params: jobParams,
    output: service.jobSchema,
    about: "Progress and result of a job.",
  },
  stopJob: {
    method: "DELETE",
    path: "/admin/jobs/{id}",
    role: "token",
    params: jobParams,
    output: service.jobSchema,
    about: "Stop a job.",
  },
  gcStats: {
    method: "GET",
    path: "/admin/gc-stats",
    role: "token",
    output: service.gcStatsSchema,
    about: "Collections and pauses by kind, heap spaces.",
  },
  forceGc: {
    method: "POST",
    path: "/admin/gc",
    role: "token",
    output: service.gcResultSchema,
    about: "A full collection in every isolate.",
  },
  threads: {
    method: "GET",
    path: "/admin/threads",
    role: "token",
    output: service.threadsSchema,
    about: "The process's threads and event loops.",
  },
  datasourceStatus: {
    method: "GET",
    path: "/admin/datasource-status",
    role: "token",
    output: service.datasourceStatusSchema,
    about: "Each data source's state.",
  },
  restartDatasource: {
    method: "POST",
    path: "/admin/datasources/{name}/restart",
    role: "token",
    params: service.dataSourceParamsSchema,
    output: service.dataSourceSchema,
    about: "End a data source's connection and make a new one; answers its state.",
  },
  effectiveConfig: {
    method: "GET",
    path: "/admin/effective-config",
    role: "token",
    output: service.effectiveConfigSchema,
    about: "Each key's value with the source that won and those that lost.",
  },
  reloadConfig: {
    method: "POST",
    path: "/admin/reload-config",
    role: "token",
    body: service.reloadRequestSchema.optional(),
    output: service.reloadResultSchema,
    about: "Validate, compare and apply the configuration file.",
  },
  setConfigOverride: {
    method: "PUT",
    path: "/admin/config-overrides/{key}",
    role: "token",
    params: service.overrideParamsSchema,
    body: service.overrideRequestSchema,
    output: service.overrideResultSchema,
    about: "A temporary value over all others; expires by itself.",
  },
  removeConfigOverride: {
    method: "DELETE",
    path: "/admin/config-overrides/{key}",
    role: "token",
    params: service.overrideParamsSchema,
    output: service.overrideResultSchema,
    about: "End a temporary value.",
  },
  setLogLevel: {
    method: "PUT",
    path: "/admin/log-level",
    role: "token",
    body: service.logLevelRequestSchema,
    output: service.overrideResultSchema,
    about: "Another log level for a time.",
  },
  configHistory: {
    method: "GET",
    path: "/admin/config-history",
    role: "token",
    output: service.configHistorySchema,
    about: "The configuration files that were in force.",
  },
  rollBackConfig: {
    method: "POST",
    path: "/admin/config-rollback",
    role: "token",
    body: service.rollbackRequestSchema,
    output: service.reloadResultSchema,
    about: "Put an older configuration file in force.",
  },
} as const satisfies Record<string, Route>;

const incidentParams = z.object({ incidentId: z.string().min(1).max(32) });
const snapshotParams = z.object({ snapshotId: z.string().min(1).max(64) });
const linkParams = z.object({ linkId: z.string().min(1).max(64) });

/** What the console serves, next-auth's own routes under /api/auth excepted. */
export const consoleRoutes = {
  health: {
    method: "GET",
    path: "/api/health",
    role: "public",
    output: api.consoleHealthSchema,
    about: "The console's own health.",
  },
  fleet: {
    method: "GET",
    path: "/api/fleet",
    role: "viewer",
    output: api.fleetSnapshotSchema,
    about: "Every server's state and newest values, and the aggregates.",
  },
  live: {
    method: "GET",
    path: "/api/live",
    role: "viewer",
    query: liveQuerySchema,
    output: liveFrameSchema,
    about: "What the push would send, for browsers without it.",
  },
  history: {
    method: "GET",
    path: "/api/history",
    role: "viewer",
    query: api.historyQuerySchema,
    output: api.seriesWindowSchema,
    about: "Samples of a window.",
  },
  server: {
    method: "GET",
    path: "/api/servers/{serverId}",
    role: "viewer",
    params: api.serverParamsSchema,
    output: api.serverDetailSchema,
    about: "One server.",
  },
  connections: {
    method: "GET",
    path: "/api/servers/{serverId}/connections",
    role: "viewer",
    params: api.serverParamsSchema,
    query: api.connectionsPageQuerySchema,
    output: api.connectionsPageSchema,
    about: "A page of its open connections.",
  },
  connectionsByNetwork: {
    method: "GET",
    path: "/api/servers/{serverId}/connections/by-network",
    role: "viewer",
    params: api.serverParamsSchema,
    output: api.connectionsByNetworkSchema,
    about: "Its connections by network.",
  },
  recentlyClosed: {
    method: "GET",
    path: "/api/servers/{serverId}/closed-connections",
    role: "viewer",
    params: api.serverParamsSchema,
    output: api.recentlyClosedSchema,
    about: "Its newest closes.",
  },
  previewAction: {
    method: "POST",
    path: "/api/servers/{serverId}/actions/{kind}/preview",
    role: "operator",
    params: api.actionParamsSchema,
    body: api.actionPreviewRequestSchema,
    output: api.actionPreviewSchema,
    about: "What an action would do now.",
  },
  runAction: {
    method: "POST",
    path: "/api/servers/{serverId}/actions/{kind}",
    role: "operator",
    params: api.actionParamsSchema,
    body: api.actionRequestSchema,
    output: api.actionSchema,
    about: "Carry out an action that was previewed.",
  },
  actions: {
    method: "GET",
    path: "/api/actions",
    role: "viewer",
    query: api.actionsQuerySchema,
    output: api.actionListSchema,
    about: "Actions, newest first.",
  },
  action: {
    method: "GET",
    path: "/api/actions/{actionId}",
    role: "viewer",
    params: z.object({ actionId: z.string().min(1).max(64) }),
    output: api.actionSchema,
    about: "One action's progress and result.",
  },
  createSnapshot: {
    method: "POST",
    path: "/api/snapshots",
    role: "viewer",
    body: api.snapshotRequestSchema,
    output: api.snapshotSummarySchema,
    about: "Freeze a view.",
  },
  snapshot: {
    method: "GET",
    path: "/api/snapshots/{snapshotId}",
    role: "viewer",
    params: snapshotParams,
    output: api.snapshotSchema,
    about: "A frozen view.",
  },
  links: {
    method: "GET",
    path: "/api/links",
    role: "viewer",
    query: api.linksQuerySchema,
    output: api.linkListSchema,
    about: "Public links of a snapshot or an incident.",
  },
  createLink: {
    method: "POST",
    path: "/api/links",
    role: "operator",
    body: api.linkRequestSchema,
    output: api.createdLinkSchema,
    about: "Make a public link.",
  },
  revokeLink: {
    method: "DELETE",
    path: "/api/links/{linkId}",
    role: "operator",
    params: linkParams,
    output: api.linkSchema,
    about: "Revoke a public link.",
  },
  incidents: {
    method: "GET",
    path: "/api/incidents",
    role: "viewer",
    query: api.incidentsQuerySchema,
    output: api.incidentListSchema,
    about: "Incidents, active first.",
  },
  createIncident: {
    method: "POST",
    path: "/api/incidents",
    role: "operator",
    body: api.incidentRequestSchema,
    output: api.incidentSummarySchema,
    about: "Declare an incident.",
  },
  incident: {
    method: "GET",
    path: "/api/incidents/{incidentId}",
    role: "viewer",
    params: incidentParams,
    output: api.incidentSchema,
    about: "One incident with its timeline.",
  },
  changeIncident: {
    method: "PATCH",
    path: "/api/incidents/{incidentId}",
    role: "operator",
    params: incidentParams,
    body: api.incidentChangeSchema,
    output: api.incidentSummarySchema,
    about: "Change an incident.",
  },
  addNote: {
    method: "POST",
    path: "/api/incidents/{incidentId}/notes",
    role: "operator",
    params: incidentParams,
    body: api.noteRequestSchema,
    output: api.timelineEntrySchema,
    about: "Add a note to an incident.",
  },
} as const satisfies Record<string, Route>;
