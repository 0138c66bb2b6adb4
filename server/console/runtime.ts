import type {
  Action,
  ActionKind,
  ActionPreview,
  ActionRequest,
  CleanupMatch,
  ConnectionsByNetwork,
  ConnectionsPage,
  ConnectionsPageQuery,
  CreatedLink,
  FleetSnapshot,
  HistoryQuery,
  Incident,
  IncidentChange,
  IncidentList,
  IncidentRequest,
  IncidentSummary,
  IncidentsQuery,
  Link,
  LinkRequest,
  Marker,
  PublicView,
  RecentlyClosed,
  Role,
  SeriesWindow,
  ServerDetail,
  Snapshot,
  SnapshotRequest,
  SnapshotSummary,
  TimelineEntry,
} from "../../lib/contract/console-api";
import type { LiveFrame, LiveView } from "../../lib/contract/live";
import type { ErrorCode } from "../../lib/errors";
import type { Logger } from "../process/logger";

/**
 * What pages and route handlers may ask of the console. `main` builds it once (see `wiring`) and sets it;
 * Next compiles route handlers apart from the custom server, so a handle on globalThis is the one way in.
 * Everything here exchanges plain data and throws CodedError.
 */
export interface Runtime {
  readonly version: string;
  readonly startedAtMs: number;
  readonly publicUrl: string;
  readonly fleetName: string;
  readonly environment: string;
  readonly logger: Logger;
  readonly auth: Auth;
  readonly refusals: Refusals;
  readonly fleet: Fleet;
  readonly actions: Actions;
  readonly snapshots: Snapshots;
  readonly links: Links;
  readonly incidents: Incidents;
  stopping(): boolean;
}

/** Who asks, as read from a session that the store still knows. */
export interface Caller {
  userId: string;
  name: string;
  role: Role;
  sessionId: string;
}

export interface Auth {
  readonly secret: string;
  /** Cookies ignore ports, so the port is part of the name. */
  readonly cookieName: string;
  /** True when the public URL is https. */
  readonly secureCookies: boolean;
  /** Throws INVALID_TOKEN for a wrong name or password and TOO_MANY_ATTEMPTS past the limit. */
  signIn(
    credentials: { name: string; password: string },
    origin: { ip: string; userAgent: string },
  ): Promise<Caller>;
  signOut(sessionId: string): Promise<void>;
  /** null when the session was revoked, has expired or its user is gone; the role is the user's of now. */
  session(sessionId: string): Promise<Caller | null>;
}

export interface Refusals {
  /** Leaves an audit record of a change that somebody signed in was not allowed to make. */
  record(refusal: { caller: Caller; method: string; path: string; code: ErrorCode }): Promise<void>;
}

export interface Fleet {
  snapshot(): FleetSnapshot;
  server(serverId: string): ServerDetail;
  history(query: HistoryQuery): SeriesWindow;
  live(view: LiveView, sinceMs?: number): LiveFrame;
  connections(serverId: string, query: ConnectionsPageQuery): Promise<ConnectionsPage>;
  connectionsByNetwork(serverId: string): Promise<ConnectionsByNetwork>;
  recentlyClosed(serverId: string): Promise<RecentlyClosed>;
}

export interface Actions {
  preview(caller: Caller, serverId: string, kind: ActionKind, match?: CleanupMatch): Promise<ActionPreview>;
  run(caller: Caller, serverId: string, kind: ActionKind, request: ActionRequest): Promise<Action>;
  find(actionId: string): Promise<Action>;
  list(filter: {
    serverId?: string;
    fromMs?: number;
    toMs?: number;
    limit: number;
  }): Promise<{ actions: Action[]; total: number }>;
  /** Of the newest actions, kept in memory for frames. */
  markers(fromMs: number): Marker[];
}

export interface Snapshots {
  create(caller: Caller, request: SnapshotRequest): Promise<SnapshotSummary>;
  find(snapshotId: string): Promise<Snapshot>;
}

export interface Links {
  create(caller: Caller, request: LinkRequest): Promise<CreatedLink>;
  list(filter: { snapshotId?: string; incidentId?: string }): Promise<Link[]>;
  revoke(caller: Caller, linkId: string): Promise<Link>;
  /** null for an unknown, an expired and a revoked token alike. */
  open(token: string): Promise<PublicView | null>;
}

export interface Incidents {
  create(caller: Caller, request: IncidentRequest): Promise<IncidentSummary>;
  change(caller: Caller, incidentId: string, change: IncidentChange): Promise<IncidentSummary>;
  addNote(caller: Caller, incidentId: string, text: string): Promise<TimelineEntry>;
  find(incidentId: string): Promise<Incident>;
  list(query: IncidentsQuery): Promise<IncidentList>;
  /** Not resolved, newest first; kept in memory for frames. */
  open(): IncidentSummary[];
}

const handle = Symbol.for("wirewatch.runtime");
type Holder = { [handle]?: Runtime };

export function setRuntime(runtime: Runtime): void {
  (globalThis as Holder)[handle] = runtime;
}

/** Call it inside handlers, never at module level: a build imports modules without a running console. */
export function runtime(): Runtime {
  const found = (globalThis as Holder)[handle];
  if (!found) throw new Error("the console is not running: start it with npm start");
  return found;
}
