"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import type {
  FleetSnapshot,
  IncidentSummary,
  Marker,
  ServerDetail,
  ServerSummary,
} from "../contract/console-api";
import type { LiveView } from "../contract/live";
import type { MetricName, SeriesKey } from "../contract/metrics";
import { fetchHistory } from "../query/history";
import type { ConnectionState } from "./connection-state";
import type { LiveScene } from "./live-scene";
import { type LiveSource, LiveStore } from "./live-store";

const StoreContext = createContext<LiveStore | null>(null);

/** Live data, or a stored snapshot, for everything inside. The shell holds one; a frozen page nests its own. */
export function LiveProvider({ source, children }: { source: LiveSource; children: ReactNode }) {
  const [store] = useState(() => new LiveStore(source, { fetchHistory }));
  useEffect(() => {
    const seen = () => store.setHidden(document.visibilityState === "hidden");
    seen();
    document.addEventListener("visibilitychange", seen);
    store.start();
    return () => {
      document.removeEventListener("visibilitychange", seen);
      store.stop();
    };
  }, [store]);
  return <StoreContext value={store}>{children}</StoreContext>;
}

/**
 * Says what a page shows and hands over what its server rendered it with, so that the first paint holds
 * values. In a frozen view it does nothing.
 */
export function LivePage(props: {
  view: LiveView;
  fleet?: FleetSnapshot;
  detail?: ServerDetail;
  children: ReactNode;
}) {
  const store = useLiveStore();
  const { view, fleet, detail } = props;
  const serverId = view.kind === "server" ? view.serverId : null;
  // Before the children read: an effect would be too late for the first paint.
  useMemo(() => {
    if (!store.scene().frozen) store.seed({ fleet, detail });
  }, [store, fleet, detail]);
  useEffect(() => {
    if (store.scene().frozen) return;
    store.show(serverId === null ? { kind: view.kind as "fleet" | "shell" } : { kind: "server", serverId });
  }, [store, view.kind, serverId]);
  return props.children;
}

export function useLiveStore(): LiveStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error("live hooks are used inside LiveProvider only");
  return store;
}

export function useScene(): LiveScene {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.scene, store.rendered);
}

/** The fleet with live states and values; a server's object changes only when something in it did. */
export function useFleet(): FleetSnapshot {
  return useScene().fleet;
}

/** One server's row; null when the fleet doesn't hold it. */
export function useServer(serverId: string): ServerSummary | null {
  return useScene().servers.get(serverId) ?? null;
}

/** What the server page was seeded with, with live state, values, topics, markers and incidents. */
export function useServerDetail(): ServerDetail | null {
  return useScene().detail;
}

export interface Series<M extends MetricName> {
  timesMs: number[];
  values: Record<M, (number | null)[]>;
}

/** What a live page's server rendered with: charts have their samples from frames and history only. */
const noSamples: { timesMs: number[]; values: (number | null)[][] } = { timesMs: [], values: [] };

/** Samples of the selected range up to now, or of the whole frozen window; null is a gap. */
export function useSeries<M extends MetricName>(key: SeriesKey, metrics: readonly M[]): Series<M> {
  const store = useLiveStore();
  const hydrating = useScene() !== store.scene();
  const names = metrics.join();
  useEffect(() => {
    store.want(key, names.split(",") as MetricName[]);
  }, [store, key, names]);
  const mark = store.readMark(key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark stands for what the ring holds
  return useMemo(() => {
    const wanted = names.split(",") as M[];
    const { timesMs, values } = hydrating ? noSamples : store.read(key, wanted);
    const columns = Object.fromEntries(wanted.map((name, i) => [name, values[i] ?? []]));
    return { timesMs, values: columns as Record<M, (number | null)[]> };
  }, [store, key, names, mark, hydrating]);
}

/** As `useSeries`, for one metric of many series, as connections by region. */
export function useSeriesOf(
  keys: readonly SeriesKey[],
  metric: MetricName,
): { timesMs: number[]; values: (number | null)[][] } {
  const store = useLiveStore();
  const hydrating = useScene() !== store.scene();
  const joined = keys.join("\n");
  useEffect(() => {
    for (const key of joined.split("\n").filter(Boolean)) store.want(key as SeriesKey, [metric]);
  }, [store, joined, metric]);
  const mark = keys.map((key) => store.readMark(key)).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark stands for what the rings hold
  return useMemo(() => {
    const columns = joined
      .split("\n")
      .filter(Boolean)
      .map((key) => (hydrating ? noSamples : store.read(key as SeriesKey, [metric])));
    return { timesMs: columns[0]?.timesMs ?? [], values: columns.map((column) => column.values[0] ?? []) };
  }, [store, joined, metric, mark, hydrating]);
}

const never = () => () => {};

/** The console's clock, told again every `everyMs`, or not at all for null; in a frozen view it stands still. */
export function useConsoleNow(everyMs: number | null = 1_000): number {
  const store = useLiveStore();
  const first = useSyncExternalStore(
    never,
    () => store.scene().atMs,
    () => store.rendered().atMs,
  );
  const [now, setNow] = useState(first);
  useEffect(() => {
    const tell = () => setNow(store.consoleNow());
    tell();
    if (everyMs === null || store.scene().frozen) return;
    const timer = setInterval(tell, everyMs);
    return () => clearInterval(timer);
  }, [store, everyMs]);
  return now;
}

export interface Freshness {
  /** Of the newest sample of the server, or of any server; null before the first. */
  sampleAtMs: number | null;
  ageMs: number | null;
  /** Older than three intervals. */
  stale: boolean;
}

/** How old the newest figures are. Use it in a leaf: it renders twice a second. */
export function useFreshness(serverId?: string): Freshness {
  const scene = useScene();
  const now = useConsoleNow(500);
  const sampleAtMs = newestSampleAtMs(scene, serverId);
  const ageMs = sampleAtMs === null ? null : Math.max(0, now - sampleAtMs);
  return { sampleAtMs, ageMs, stale: !scene.paused && isOld(scene, sampleAtMs, now) };
}

/** Whether the newest figures are old. It renders only when that changes, so whole panels may use it. */
export function useStale(serverId?: string): boolean {
  const store = useLiveStore();
  const scene = useScene();
  const sampleAtMs = newestSampleAtMs(scene, serverId);
  // The sample that was found old, so that a newer one is fresh at once.
  const [oldSampleAtMs, setOldSampleAtMs] = useState(() =>
    isOld(scene, sampleAtMs, scene.atMs) ? sampleAtMs : null,
  );
  useEffect(() => {
    const look = () => {
      const newest = newestSampleAtMs(store.scene(), serverId);
      setOldSampleAtMs(isOld(store.scene(), newest, store.consoleNow()) ? newest : null);
    };
    look();
    if (store.scene().frozen) return;
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [store, serverId]);
  return !scene.paused && sampleAtMs !== null && oldSampleAtMs === sampleAtMs;
}

function newestSampleAtMs({ fleet, servers }: LiveScene, serverId: string | undefined): number | null {
  if (serverId !== undefined) return servers.get(serverId)?.lastSampleAtMs ?? null;
  return fleet.servers.reduce<number | null>(
    (newest, { lastSampleAtMs: at }) => (at !== null && at > (newest ?? 0) ? at : newest),
    null,
  );
}

function isOld({ fleet }: LiveScene, sampleAtMs: number | null, nowMs: number): boolean {
  return sampleAtMs !== null && nowMs - sampleAtMs > 3 * fleet.stepMs + 500;
}

/** When the page was paused and how many samples wait; null while it follows. */
export function usePaused(): LiveScene["paused"] {
  return useScene().paused;
}

/** Actions in the window, oldest first; of one server or of all. */
export function useMarkers(serverId?: string): Marker[] {
  const { fleet, detail, windowEndMs, rangeMs } = useScene();
  const all = fleet.markers.length > 0 ? fleet.markers : (detail?.markers ?? fleet.markers);
  return useMemo(
    () =>
      all.filter(
        (marker) =>
          marker.atMs > windowEndMs - rangeMs && (serverId === undefined || marker.serverId === serverId),
      ),
    [all, windowEndMs, rangeMs, serverId],
  );
}

/** Not resolved, newest first; of one server or of all. */
export function useOpenIncidents(serverId?: string): IncidentSummary[] {
  const { openIncidents } = useScene().fleet;
  return useMemo(
    () =>
      serverId === undefined
        ? openIncidents
        : openIncidents.filter((incident) => incident.serverIds.includes(serverId)),
    [openIncidents, serverId],
  );
}

export function useConnectionState(): ConnectionState {
  return useScene().connection;
}
