import type { IncidentSummary, Marker, ServerDetail, ServerSummary } from "../../../lib/contract/console-api";
import type { LiveFrame, LiveView, SampleRow, StateRow } from "../../../lib/contract/live";
import { fleetMetricNames, type MetricName, metricNames } from "../../../lib/contract/metrics";
import type { ChangeLog } from "./change-log";

/** A server as frames need it, with the numbers of its newest changes. */
export interface FrameServer {
  summary: ServerSummary;
  /** State, reason or since when changed. */
  stateSequence: number;
  /** A good sample came. */
  sampleSequence: number;
  topTopics: { topics: ServerDetail["topTopics"]; otherDeliveriesPerSecond: number | null };
}

/** What frames are made of. */
export interface FrameSource {
  nowMs(): number;
  stepMs: number;
  changes: ChangeLog;
  servers(): Iterable<FrameServer>;
  server(serverId: string): FrameServer | undefined;
  /** Series keys of the aggregates. */
  groups(): Iterable<string>;
  newestSlotMs(key: string): number | null;
  read(key: string, slotMs: number): (number | null)[] | null;
  reporting(): number;
  markers(): { markers: Marker[]; sequence: number };
  openIncidents(): { incidents: IncidentSummary[]; sequence: number };
}

const fleetColumns = fleetMetricNames.map((name: MetricName) => metricNames.indexOf(name));

/**
 * What a view shows: all of it, or what changed after the change numbered `since`. A full frame holds the
 * newest row of each series and, with `since`, those in between as well.
 */
export function buildFrame(
  source: FrameSource,
  view: LiveView,
  since: number | null,
  full: boolean = since === null,
): LiveFrame {
  const changed = since === null ? null : source.changes.since(since);
  const all = full || changed === null;
  const after = all ? -1 : (since ?? -1);
  const servers = serversOf(source, view);
  const shown = new Set(keysOf(source, view, servers));

  const samples: SampleRow[] = [];
  const put = (key: string, slotMs: number) => {
    const values = source.read(key, slotMs);
    if (!values) return;
    const columns = view.kind === "fleet" ? fleetColumns.map((i) => values[i] ?? null) : values;
    samples.push([key, slotMs, ...columns]);
  };
  const newest = new Map<string, number>();
  for (const { key, slotMs } of changed ?? []) {
    if (!shown.has(key)) continue;
    put(key, slotMs);
    newest.set(key, Math.max(slotMs, newest.get(key) ?? 0));
  }
  if (all) {
    for (const key of shown) {
      const slotMs = source.newestSlotMs(key);
      if (slotMs !== null && newest.get(key) !== slotMs) put(key, slotMs);
    }
  }

  const states: StateRow[] = [];
  let count = 0;
  for (const server of source.servers()) {
    count++;
    const sequence =
      view.kind === "shell" || !servers.includes(server)
        ? server.stateSequence
        : Math.max(server.stateSequence, server.sampleSequence);
    if (sequence > after) states.push(stateRow(server.summary));
  }

  const markers = source.markers();
  const incidents = source.openIncidents();
  const frame: LiveFrame = {
    full: all,
    atMs: source.nowMs(),
    stepMs: source.stepMs,
    samples,
    states,
    reporting: source.reporting(),
    servers: count,
    markers: view.kind !== "shell" && markers.sequence > after ? markersOf(markers.markers, view) : [],
  };
  if (incidents.sequence > after) frame.openIncidents = incidents.incidents;
  const [only] = servers;
  if (view.kind === "server" && only && only.sampleSequence > after) frame.topTopics = only.topTopics;
  return frame;
}

/** True when there is nothing in a frame that its reader does not know. */
export function isEmptyFrame(frame: LiveFrame): boolean {
  return (
    !frame.full &&
    frame.samples.length === 0 &&
    frame.states.length === 0 &&
    frame.markers.length === 0 &&
    frame.openIncidents === undefined &&
    frame.topTopics === undefined
  );
}

function serversOf(source: FrameSource, view: LiveView): FrameServer[] {
  if (view.kind === "fleet") return [...source.servers()];
  if (view.kind === "shell") return [];
  const server = source.server(view.serverId);
  return server ? [server] : [];
}

function keysOf(source: FrameSource, view: LiveView, servers: FrameServer[]): string[] {
  const keys = servers.map((server) => `server:${server.summary.id}`);
  return view.kind === "fleet" ? [...source.groups(), ...keys] : keys;
}

function markersOf(markers: Marker[], view: LiveView): Marker[] {
  return view.kind === "server" ? markers.filter((m) => m.serverId === view.serverId) : markers;
}

function stateRow({ id, state, reason, sinceMs, lastSampleAtMs }: ServerSummary): StateRow {
  return [id, state, reason, sinceMs, lastSampleAtMs];
}
