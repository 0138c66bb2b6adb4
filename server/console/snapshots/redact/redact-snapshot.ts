import type {
  FleetSnapshot,
  ServerDetail,
  ServerSummary,
  Snapshot,
  SnapshotSummary,
  StateReason,
} from "../../../../lib/contract/console-api";
import { maskAddressesIn } from "./addresses";
import { redactAction, redactConnection, redactMarker } from "./redact-action";
import { redactPath } from "./redact-path";
import type { Scrubber } from "./scrubber";

/**
 * A snapshot as a public link may show it. What its page does not draw is left out altogether: other servers
 * beside a server's page, other incidents, every member's own address.
 */
export function redactSnapshot(snapshot: Snapshot, scrub: Scrubber): Snapshot {
  const { incidentId, serverId } = snapshot;
  return {
    ...redactSnapshotSummary(snapshot, scrub),
    fleet: redactFleet(snapshot.fleet, { incidentId, serverId }, scrub),
    server: snapshot.server && redactServer(snapshot.server, incidentId, scrub),
    samples: {
      ...snapshot.samples,
      series: Object.fromEntries(
        Object.entries(snapshot.samples.series).map(([key, columns]) => [redactKey(key, scrub), columns]),
      ),
    },
    connections: snapshot.connections && redactConnections(snapshot.connections, scrub),
    actions: snapshot.actions.map((action) => redactAction(action, scrub)),
  };
}

export function redactSnapshotSummary(summary: SnapshotSummary, scrub: Scrubber): SnapshotSummary {
  return {
    id: summary.id,
    page: summary.page,
    serverId: summary.serverId === null ? null : scrub.server(summary.serverId),
    path: redactPath(summary.path, scrub),
    fromMs: summary.fromMs,
    toMs: summary.toMs,
    takenAtMs: summary.takenAtMs,
    takenBy: scrub.user(summary.takenBy),
    incidentId: summary.incidentId,
  };
}

interface Subject {
  incidentId: string | null;
  serverId: string | null;
}

function redactFleet(
  fleet: FleetSnapshot,
  { incidentId, serverId }: Subject,
  scrub: Scrubber,
): FleetSnapshot {
  const concerned = <T extends { serverId: string }>(rows: T[]) =>
    serverId === null ? rows : rows.filter((row) => row.serverId === serverId);
  return {
    ...fleet,
    fleetName: scrub.text(fleet.fleetName),
    environment: scrub.text(fleet.environment),
    servers: fleet.servers
      .filter((server) => serverId === null || server.id === serverId)
      .map((server) => redactServerSummary(server, scrub)),
    aggregates: Object.fromEntries(
      Object.entries(fleet.aggregates).map(([key, values]) => [redactKey(key, scrub), values]),
    ),
    markers: concerned(fleet.markers).map((marker) => redactMarker(marker, scrub)),
    openIncidents: redactOpenIncidents(fleet.openIncidents, incidentId, scrub),
  };
}

function redactServer(detail: ServerDetail, incidentId: string | null, scrub: Scrubber): ServerDetail {
  return {
    ...detail,
    fleetName: scrub.text(detail.fleetName),
    environment: scrub.text(detail.environment),
    server: redactServerSummary(detail.server, scrub),
    pid: null,
    previousServerId: null,
    nextServerId: null,
    markers: detail.markers.map((marker) => redactMarker(marker, scrub)),
    openIncidents: redactOpenIncidents(detail.openIncidents, incidentId, scrub),
  };
}

function redactServerSummary(server: ServerSummary, scrub: Scrubber): ServerSummary {
  // A label such as `host` names a server as well as its name does.
  const labels = Object.entries(server.labels).filter(
    ([name]) => !scrub.redaction.serverNames || name === "region",
  );
  const alias = scrub.server(server.id);
  return {
    ...server,
    id: alias,
    name: scrub.redaction.serverNames ? alias : server.name,
    labels: Object.fromEntries(labels.map(([name, value]) => [name, scrub.text(value)])),
    region: scrub.text(server.region),
    adminUrl: "",
    wsUrl: null,
    reason: server.reason && redactReason(server.reason, scrub),
  };
}

/** The words of a failed poll may hold what the member was dialled by. */
function redactReason(reason: StateReason, scrub: Scrubber): StateReason {
  const clean = (text: string) =>
    maskAddressesIn(scrub.text(text.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "…")));
  return {
    code: reason.code,
    params: Object.fromEntries(
      Object.entries(reason.params).map(([name, value]) => [
        name,
        typeof value === "string" ? clean(value) : value,
      ]),
    ),
  };
}

function redactOpenIncidents(
  incidents: FleetSnapshot["openIncidents"],
  incidentId: string | null,
  scrub: Scrubber,
): FleetSnapshot["openIncidents"] {
  return incidents
    .filter((incident) => incident.id === incidentId)
    .map((incident) => ({
      ...incident,
      title: scrub.text(incident.title),
      serverIds: incident.serverIds.map((id) => scrub.server(id)),
      lead: scrub.user(incident.lead),
    }));
}

/** Same words for a region here as in the server's row, or the group would lose its sum. */
function redactKey(key: string, scrub: Scrubber): string {
  if (key.startsWith("server:")) return `server:${scrub.server(key.slice("server:".length))}`;
  if (key.startsWith("region:")) return `region:${scrub.text(key.slice("region:".length))}`;
  return key;
}

function redactConnections(
  connections: NonNullable<Snapshot["connections"]>,
  scrub: Scrubber,
): NonNullable<Snapshot["connections"]> {
  const { query, page, byNetwork, closed } = connections;
  const { q, ip, ...drawn } = query;
  return {
    query: scrub.redaction.clientIps ? drawn : { ...query, q: q && scrub.text(q), ip },
    page: { ...page, viewId: "", rows: page.rows.map((row) => redactConnection(row, scrub)) },
    byNetwork: byNetwork && {
      ...byNetwork,
      networks: byNetwork.networks.map((row) => ({ ...row, network: scrub.address(row.network) })),
    },
    closed: closed && {
      ...closed,
      closes: closed.closes.map((close) => ({
        ...close,
        remote_ip: scrub.address(close.remote_ip),
        reason: scrub.text(close.reason),
      })),
    },
  };
}
