import type { FleetSnapshot, SeriesWindow } from "../../../lib/contract/console-api";
import { fleetMetricNames, type MetricName, metricNames } from "../../../lib/contract/metrics";
import type { SnapshotFleet } from "./snapshot-fleet";

export interface Window {
  fromMs: number;
  toMs: number;
}

/** The 1 s samples of what the page draws: sums and groups with all their columns, rows with their spark line. */
export function freezeSamples(
  fleet: SnapshotFleet,
  snapshot: FleetSnapshot,
  serverId: string | null,
  window: Window,
): SeriesWindow {
  const read = (keys: string[], metrics: MetricName[]) => fleet.history({ keys, metrics, ...window });
  if (serverId !== null) return read([`server:${serverId}`], metricNames);
  const groups = read(Object.keys(snapshot.aggregates), [...fleetMetricNames]);
  const servers = read(
    snapshot.servers.map((server) => `server:${server.id}`),
    ["push_latency_p99_ms"],
  );
  return { ...groups, series: { ...servers.series, ...groups.series } };
}

/**
 * The fleet's figures as they stood at the end of the window, which a paused page has passed: each server's
 * newest sample of the last seconds before it. A server that has been silent since keeps its last ones. States
 * are those of now and say since when they hold.
 */
export function figuresAt(fleet: SnapshotFleet, snapshot: FleetSnapshot, atMs: number): FleetSnapshot {
  const since = ({ lastSampleAtMs }: { lastSampleAtMs: number | null }) => (lastSampleAtMs ?? 0) > atMs;
  if (!snapshot.servers.some(since)) return { ...snapshot, atMs };
  const { stepMs } = snapshot;
  const keys = [
    ...Object.keys(snapshot.aggregates),
    ...snapshot.servers.map((server) => `server:${server.id}`),
  ];
  const window = fleet.history({ keys, metrics: metricNames, fromMs: atMs - 5 * stepMs, toMs: atMs });
  const newest = (key: string) => {
    const columns = window.series[key] ?? {};
    const i = window.timesMs.findLastIndex((_, at) =>
      metricNames.some((name) => (columns[name]?.[at] ?? null) !== null),
    );
    const values = Object.fromEntries(metricNames.map((name) => [name, columns[name]?.[i] ?? null]));
    return { atMs: window.timesMs[i] ?? null, values: i < 0 ? {} : values };
  };
  return {
    ...snapshot,
    atMs,
    servers: snapshot.servers.map((server) => {
      if (!since(server)) return server;
      const { atMs: lastSampleAtMs, values } = newest(`server:${server.id}`);
      return { ...server, lastSampleAtMs, latest: values };
    }),
    aggregates: Object.fromEntries(Object.keys(snapshot.aggregates).map((key) => [key, newest(key).values])),
  };
}
