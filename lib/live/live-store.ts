import type { FleetSnapshot, SeriesWindow, ServerDetail, Snapshot } from "../contract/console-api";
import type { LiveFrame, LiveView } from "../contract/live";
import { fleetMetricNames, type MetricName, metricNames, type SeriesKey } from "../contract/metrics";
import type { Values } from "../health";
import { HistoryBackfill } from "./history-backfill";
import { LiveLink } from "./live-link";
import { type LiveScene, type Seed, seeded, withFrame, withIncidents } from "./live-scene";
import { SampleRing } from "./sample-ring";

export const longestRangeMs = 15 * 60_000;
const flushMs = 250;
const hiddenFlushMs = 15_000;
/** Frames kept while paused; past that, resuming asks for everything again. */
const mostWaitingFrames = 400;

export type LiveSource =
  | { kind: "live"; fleet: FleetSnapshot; view?: LiveView; detail?: ServerDetail }
  | { kind: "frozen"; snapshot: Snapshot };

export interface LiveStoreOptions {
  /** Set in tests. */
  origin?: string;
  now?: () => number;
  fetchHistory?: (
    keys: string[],
    metrics: MetricName[],
    fromMs: number,
    toMs: number,
  ) => Promise<SeriesWindow>;
}

/**
 * The browser's live data: takes frames in, keeps fifteen minutes of samples and tells readers at most four
 * times a second. While paused it keeps frames back, so that values, tables and charts freeze together;
 * incidents and the state of the connection go on.
 */
export class LiveStore {
  private readonly now: () => number;
  private readonly rings = new Map<string, SampleRing>();
  private readonly listeners = new Set<() => void>();
  private readonly link: LiveLink | null;
  private readonly backfill: HistoryBackfill | null;
  private readonly capacity: number;
  private view: LiveView = { kind: "fleet" };
  private waiting: LiveFrame[] = [];
  private waitingCount = 0;
  private waitingSlots = new Set<number>();
  private offsetMs = 0;
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private flushedAtMs = Number.NEGATIVE_INFINITY;
  private hidden = false;
  private next: LiveScene;
  private current: LiveScene;
  private renderedScene: LiveScene;

  constructor(source: LiveSource, options: LiveStoreOptions = {}) {
    this.now = options.now ?? Date.now;
    const frozen = source.kind === "frozen";
    const fleet = frozen ? source.snapshot.fleet : source.fleet;
    const windowMs = frozen ? source.snapshot.toMs - source.snapshot.fromMs : longestRangeMs;
    this.capacity = Math.ceil(windowMs / Math.max(1, fleet.stepMs)) + 2;
    this.next = {
      fleet,
      servers: new Map(fleet.servers.map((server) => [server.id, server])),
      detail: (frozen ? source.snapshot.server : source.detail) ?? null,
      atMs: frozen ? source.snapshot.toMs : fleet.atMs,
      windowEndMs: frozen ? source.snapshot.toMs : fleet.atMs,
      rangeMs: frozen ? windowMs : longestRangeMs,
      paused: null,
      frozen,
      connection: { mode: frozen ? "frozen" : "connecting", attempt: 0, retryAtMs: null },
      version: 0,
    };
    this.current = this.next;
    this.renderedScene = this.next;
    const { fetchHistory } = options;
    this.backfill = fetchHistory
      ? new HistoryBackfill({
          fetchHistory: (keys, metrics) => {
            const toMs = Math.ceil(this.consoleNow());
            return fetchHistory(keys, metrics, toMs - longestRangeMs, toMs);
          },
          onWindow: (window) => {
            if (window) this.takeHistory(window);
            this.plan(true);
          },
        })
      : null;
    if (frozen) {
      this.link = null;
      this.takeHistory(source.snapshot.samples);
      return;
    }
    if (source.view) this.view = source.view;
    this.link = new LiveLink({
      onFrame: (frame) => this.take(frame),
      onState: (connection) => {
        this.next = { ...this.next, connection };
        this.plan(true);
      },
      ...(options.origin === undefined ? {} : { origin: options.origin }),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly scene = (): LiveScene => this.current;

  /** What the page's HTML was made of: hydration has to draw the same though frames have come since. */
  readonly rendered = (): LiveScene => this.renderedScene;

  start(): void {
    this.link?.watch(this.view);
    this.link?.start();
  }

  stop(): void {
    this.link?.stop();
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.backfill?.stop();
  }

  retryNow(): void {
    this.link?.retryNow();
  }

  /** The console's clock, as far as this browser can tell. */
  consoleNow(): number {
    return this.next.frozen ? this.next.atMs : this.now() + this.offsetMs;
  }

  /** What the page shows now. */
  show(view: LiveView): void {
    this.view = view;
    this.link?.watch(view);
  }

  /** Takes newer data in before anything is drawn. */
  seed(seed: Seed): void {
    if (this.next.paused) return;
    this.renderedScene = seeded(this.renderedScene, seed);
    this.next = seeded(this.next, seed);
    if (this.current !== this.next) this.current = this.next;
  }

  setRange(rangeMs: number): void {
    if (this.next.frozen || this.next.rangeMs === rangeMs) return;
    this.next = { ...this.next, rangeMs };
    this.plan(true);
  }

  setPaused(paused: boolean): void {
    if (this.next.frozen || paused === (this.next.paused !== null)) return;
    if (paused) {
      this.next = { ...this.next, paused: { atMs: this.next.atMs, waiting: 0 } };
    } else {
      const missed = this.waitingCount > this.waiting.length;
      const frames = this.waiting;
      this.waiting = [];
      this.waitingCount = 0;
      this.waitingSlots.clear();
      this.next = { ...this.next, paused: null };
      for (const frame of frames) this.apply(frame);
      if (missed) {
        this.link?.refresh();
        this.backfill?.askAgain();
      }
    }
    this.plan(true);
  }

  /** A hidden tab is told once in fifteen seconds and catches up when it is seen again. */
  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    if (!hidden && this.flushTimer) this.plan(true);
  }

  /**
   * Changes when charts should read again: once a slot, and not for each frame that completes an aggregate's
   * newest slot. A series that stopped goes on with the window.
   */
  readMark(key: SeriesKey): string {
    const { windowEndMs, rangeMs, fleet } = this.current;
    const stepMs = Math.max(1, fleet.stepMs);
    const ring = this.rings.get(key);
    const newestMs = ring?.newestSlotMs ?? 0;
    const stopped = newestMs < windowEndMs - 2 * stepMs;
    return `${newestMs} ${ring?.fills ?? 0} ${rangeMs} ${stopped ? Math.floor(windowEndMs / stepMs) : ""}`;
  }

  /** Columns of one series over the window on screen. */
  read(key: SeriesKey, metrics: readonly MetricName[]): { timesMs: number[]; values: (number | null)[][] } {
    const { windowEndMs, rangeMs, fleet } = this.current;
    const stepMs = Math.max(1, fleet.stepMs);
    const endMs = Math.floor(windowEndMs / stepMs) * stepMs;
    const fromMs = endMs - Math.floor(rangeMs / stepMs) * stepMs + (this.current.frozen ? 0 : stepMs);
    const timesMs: number[] = [];
    for (let at = fromMs; at <= endMs; at += stepMs) timesMs.push(at);
    const ring = this.rings.get(key);
    const values = metrics.map((name) =>
      ring ? ring.read(name, fromMs, endMs) : timesMs.map((): number | null => null),
    );
    return { timesMs, values };
  }

  /** Asks the console for what happened before this page was opened. */
  want(key: SeriesKey, metrics: readonly MetricName[]): void {
    if (!this.next.frozen) this.backfill?.want(key, metrics);
  }

  private take(frame: LiveFrame): void {
    const offset = frame.atMs - this.now();
    this.offsetMs = this.offsetMs === 0 ? offset : Math.max(this.offsetMs, offset);
    if (frame.openIncidents) this.next = withIncidents(this.next, frame.openIncidents);
    if (this.next.paused) {
      this.waitingCount++;
      if (this.waiting.length < mostWaitingFrames) this.waiting.push(frame);
      for (const [, slotMs] of frame.samples) this.waitingSlots.add(slotMs);
      const { atMs } = this.next.paused;
      this.next = { ...this.next, paused: { atMs, waiting: this.waitingSlots.size } };
    } else {
      this.apply(frame);
    }
    this.plan(false);
  }

  private apply(frame: LiveFrame): void {
    const names: readonly MetricName[] = this.view.kind === "server" ? metricNames : fleetMetricNames;
    const newest = new Map<string, Values>();
    for (const [key, slotMs, ...values] of frame.samples) {
      if (values.length !== names.length) continue;
      const ring = this.ring(key);
      ring.write(slotMs, names, values);
      if (slotMs < ring.newestSlotMs) continue;
      newest.set(key, Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])));
    }
    this.next = withFrame(this.next, frame, newest);
  }

  private ring(key: string): SampleRing {
    let ring = this.rings.get(key);
    if (!ring) {
      ring = new SampleRing(this.next.fleet.stepMs, this.capacity);
      this.rings.set(key, ring);
    }
    return ring;
  }

  private takeHistory(window: SeriesWindow): void {
    for (const [key, columns] of Object.entries(window.series)) {
      const ring = this.ring(key);
      for (const name of metricNames) {
        const values = columns[name];
        if (values) ring.fill(name, window.timesMs, values);
      }
    }
  }

  private plan(soon: boolean): void {
    const everyMs = this.hidden ? hiddenFlushMs : flushMs;
    const waitMs = soon ? 0 : this.flushedAtMs + everyMs - this.now();
    if (waitMs <= 0) {
      clearTimeout(this.flushTimer);
      this.flushTimer = undefined;
      this.flush();
    } else if (!this.flushTimer) {
      this.flushTimer = setTimeout(() => {
        this.flushTimer = undefined;
        this.flush();
      }, waitMs);
    }
  }

  private flush(): void {
    this.flushedAtMs = this.now();
    this.next = { ...this.next, version: this.next.version + 1 };
    this.current = this.next;
    for (const listener of this.listeners) listener();
  }
}
