import type { ProcessFigures } from "../stats/process-figures";
import type { ShardFigures } from "../stats/shard-figures";
import { mergeHistograms } from "../stats/stats";

/** What goes on growing when a worker's process is followed by another, and what is only true of the one that runs. */
const kinds: Record<keyof ShardFigures, "total" | "level"> = {
  worker: "level",
  active: "level",
  idle: "level",
  zombies: "level",
  byState: "level",
  opened: "total",
  closed: "total",
  heartbeatTimeouts: "total",
  closedByCode: "total",
  closedBySide: "total",
  refusedByReason: "total",
  queuedMessages: "level",
  queuedBytes: "level",
  oldestMs: "level",
  dropped: "total",
  conflated: "total",
  activeSubscriptions: "level",
  subscribed: "total",
  unsubscribed: "total",
  recovered: "total",
  gaps: "total",
  topics: "level",
  messagesIn: "total",
  messagesOut: "total",
  bytesIn: "total",
  bytesOut: "total",
  rejected: "total",
  cacheHits: "total",
  cacheMisses: "total",
  pushLatency: "total",
  rtt: "total",
};

/** RFC 6455, section 7.1.5: a connection that ended without a close frame. */
const abnormalClosure = 1006;

/** `now` with the totals of the processes before added to it. */
export function addCarried(carried: ShardFigures, now: ShardFigures): ShardFigures {
  const sum: Record<string, unknown> = { ...now };
  for (const [key, kind] of Object.entries(kinds)) {
    const name = key as keyof ShardFigures;
    if (kind === "total") sum[name] = addValues(carried[name], now[name]);
  }
  return sum as unknown as ShardFigures;
}

/** What stays of a process that is gone: its connections are lost, and what waited for them was never sent. */
export function figuresAfterDeath(last: ShardFigures, vacant: ShardFigures): ShardFigures {
  const lost = Math.max(0, last.active);
  const { closedBySide } = last;
  return {
    ...last,
    ...levelsOf(vacant),
    closed: last.closed + lost,
    closedBySide: { ...closedBySide, lost: closedBySide.lost + lost },
    closedByCode: lost === 0 ? last.closedByCode : addPairs(last.closedByCode, [[abnormalClosure, lost]]),
    dropped: last.dropped + last.queuedMessages,
    unsubscribed: last.unsubscribed + last.activeSubscriptions,
  };
}

/** Processor time and collections of the processes before, added. */
export function addCarriedProcess(carried: ProcessFigures | null, now: ProcessFigures): ProcessFigures {
  if (carried === null) return now;
  return {
    ...now,
    cpu: {
      userMicros: carried.cpu.userMicros + now.cpu.userMicros,
      systemMicros: carried.cpu.systemMicros + now.cpu.systemMicros,
    },
    gc: { count: carried.gc.count + now.gc.count, micros: carried.gc.micros + now.gc.micros },
  };
}

/** Of a process that is gone: its times stay, its memory does not. */
export function processAfterDeath(last: ProcessFigures): ProcessFigures {
  return {
    ...last,
    memory: { rss: 0, heapUsed: 0, heapTotal: 0, heapLimit: 0, external: 0, arrayBuffers: 0 },
    eventLoop: { delayP50Ms: 0, delayP99Ms: 0, delayMaxMs: 0, utilization: 0 },
  };
}

function levelsOf(figures: ShardFigures): Partial<ShardFigures> {
  return Object.fromEntries(
    Object.entries(figures).filter(([key]) => kinds[key as keyof ShardFigures] === "level"),
  );
}

function addValues(a: unknown, b: unknown): unknown {
  if (typeof a === "number") return a + (b as number);
  if (Array.isArray(a)) return addPairs(a as Pair[], b as Pair[]);
  if (isHistogram(a) && isHistogram(b)) return mergeHistograms([a, b]);
  const left = a as Record<string, number>;
  const right = b as Record<string, number>;
  return Object.fromEntries(Object.keys(right).map((key) => [key, (left[key] ?? 0) + (right[key] ?? 0)]));
}

type Pair<K = unknown> = [key: K, count: number];

function addPairs<K>(a: readonly Pair<K>[], b: readonly Pair<K>[]): Pair<K>[] {
  const sums = new Map<K, number>(a);
  for (const [key, count] of b) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums];
}

function isHistogram(value: unknown): value is ShardFigures["rtt"] {
  return typeof value === "object" && value !== null && "bounds_ms" in value;
}
