import type { ServerState, ServerSummary, StateReason } from "./contract/console-api";
import type { MetricName } from "./contract/metrics";

/** Why the newest poll got no sample. */
export type FailureKind =
  | "refused"
  | "reset"
  | "dns"
  | "unreachable"
  | "connect_timeout"
  | "empty"
  | "no_answer"
  | "html"
  | "broken_json"
  | "schema"
  | "too_large"
  | "status"
  | "not_http"
  | "tls"
  | "encoding"
  | "token_refused";

export type Values = Partial<Record<MetricName, number | null>>;

/** All that is known of a server at one instant; plain data. */
export interface HealthEvidence {
  nowMs: number;
  /** The poll interval. */
  stepMs: number;
  watchedSinceMs: number;
  /** Of the newest finished poll; null when it brought a sample. */
  failure: {
    kind: FailureKind;
    params: StateReason["params"];
    /** Start of the first poll of this run of equal failures. */
    sinceMs: number;
    /** Failed polls in a row, of any kind. */
    inARow: number;
  } | null;
  lastSampleAtMs: number | null;
  /** Of the newest good sample. */
  draining: boolean;
  workers: number;
  values: Values;
}

/** A verdict, and since when each row has held: what the next judgement starts from. */
export interface Judgement {
  state: ServerState;
  /** null while healthy. */
  reason: StateReason | null;
  sinceMs: number;
  begunAtMs: Record<string, number>;
}

/** One line of the status table. The first row that has held for long enough decides. */
export interface HealthRow {
  /** Names the reason and its words in the `health` messages. */
  code: string;
  state: ServerState;
  /** What is looked at. */
  input: "failure" | "sample age" | "draining" | MetricName;
  /** A share when `of` is given, else in the input's unit. */
  threshold: number;
  /** The input is taken as a share of this. */
  of?: MetricName | "workers";
  forMs: number;
}

/** One lost poll may be chance; a refused connection is not: nobody listens there. */
const failuresToTell = 2;
/** A figure that decided goes on deciding until it is this share of its threshold: no flapping on the line. */
const clearsAtShare = 0.95;
const intervalsToStale = 3;

const failure = (code: FailureKind, state: ServerState, threshold = failuresToTell): HealthRow => ({
  code,
  state,
  input: "failure",
  threshold,
  forMs: 0,
});

export const healthTable: readonly HealthRow[] = [
  failure("refused", "down", 1),
  failure("reset", "down"),
  failure("dns", "down"),
  failure("unreachable", "down"),
  failure("connect_timeout", "down"),
  failure("empty", "down"),
  failure("no_answer", "hanging"),
  failure("html", "mismatch"),
  failure("broken_json", "mismatch"),
  failure("schema", "mismatch"),
  failure("too_large", "mismatch"),
  failure("status", "mismatch"),
  failure("not_http", "mismatch"),
  failure("tls", "mismatch"),
  failure("encoding", "mismatch"),
  failure("token_refused", "mismatch"),
  { code: "never_sampled", state: "no_data", input: "sample age", threshold: 0, forMs: 0 },
  { code: "stale", state: "no_data", input: "sample age", threshold: intervalsToStale, forMs: 0 },
  { code: "draining", state: "draining", input: "draining", threshold: 1, forMs: 0 },
  limit("push_latency_critical", "critical", "push_latency_p99_ms", 250, 10_000),
  share("connections_critical", "critical", "active_connections", "max_connections", 0.95, 0),
  share("memory_critical", "critical", "rss_bytes", "memory_limit_bytes", 0.95, 0),
  limit("queue_age_critical", "critical", "queue_oldest_ms", 10_000, 0),
  limit("push_latency_degraded", "degraded", "push_latency_p99_ms", 150, 10_000),
  share("connections_degraded", "degraded", "active_connections", "max_connections", 0.8, 0),
  share("memory_degraded", "degraded", "rss_bytes", "memory_limit_bytes", 0.85, 0),
  limit("event_loop_degraded", "degraded", "event_loop_delay_ms", 100, 10_000),
  share("cpu_degraded", "degraded", "cpu_cores", "workers", 0.85, 10_000),
  limit("queue_age_degraded", "degraded", "queue_oldest_ms", 2_000, 10_000),
  limit("queue_depth_degraded", "degraded", "queue_messages", 20_000, 10_000),
];

function limit(
  code: string,
  state: ServerState,
  input: MetricName,
  threshold: number,
  forMs: number,
): HealthRow {
  return { code, state, input, threshold, forMs };
}

function share(
  code: string,
  state: ServerState,
  input: MetricName,
  of: MetricName | "workers",
  threshold: number,
  forMs: number,
): HealthRow {
  return { code, state, input, of, threshold, forMs };
}

/** A match: since when it is true at the least, and what its words need. */
interface Match {
  sinceMs: number;
  params: StateReason["params"];
}

function match(row: HealthRow, evidence: HealthEvidence, decided: boolean): Match | null {
  const { nowMs, lastSampleAtMs } = evidence;
  const stale = lastSampleAtMs !== null && nowMs - lastSampleAtMs > intervalsToStale * evidence.stepMs;
  switch (row.input) {
    case "failure": {
      const found = evidence.failure;
      if (found?.kind !== row.code) return null;
      return found.inARow >= row.threshold || stale ? { sinceMs: found.sinceMs, params: found.params } : null;
    }
    case "sample age":
      if (row.code === "never_sampled") {
        return lastSampleAtMs === null ? { sinceMs: evidence.watchedSinceMs, params: {} } : null;
      }
      return stale ? { sinceMs: lastSampleAtMs, params: {} } : null;
    case "draining":
      return evidence.draining ? { sinceMs: nowMs, params: {} } : null;
    default: {
      const value = evidence.values[row.input] ?? null;
      const whole = row.of === "workers" ? evidence.workers : row.of ? evidence.values[row.of] : 1;
      const threshold = decided ? row.threshold * clearsAtShare : row.threshold;
      if (value === null || !whole || value / whole < threshold) return null;
      const params: StateReason["params"] = { value, seconds: row.forMs / 1_000 };
      if (row.of) {
        params.percent = Math.round((value / whole) * 100);
        params.limit = Math.round(row.threshold * 100);
        params.whole = whole;
      } else {
        params.value = Math.round(value);
        params.limit = row.threshold;
      }
      return { sinceMs: nowMs, params };
    }
  }
}

/**
 * Tells a server's state from what is known of it and from the judgement before. A state began when its
 * first sign did, not when it was noticed; a state that is better than the one before begins now.
 */
export function judge(evidence: HealthEvidence, before: Judgement | null): Judgement {
  const { nowMs } = evidence;
  const begunAtMs: Record<string, number> = {};
  let verdict: { row: HealthRow; match: Match; begunMs: number } | null = null;
  for (const row of healthTable) {
    // A figure of a server that can't be asked any more says nothing about how long it has lasted.
    if (
      verdict &&
      row.input !== "failure" &&
      (verdict.row.input === "failure" || verdict.row.state === "no_data")
    )
      break;
    const found = match(row, evidence, before?.reason?.code === row.code);
    if (!found) continue;
    const begunMs = Math.min(before?.begunAtMs[row.code] ?? found.sinceMs, found.sinceMs);
    begunAtMs[row.code] = begunMs;
    if (!verdict && nowMs - begunMs >= row.forMs) verdict = { row, match: found, begunMs };
  }
  const state = verdict?.row.state ?? "healthy";
  const reason = verdict ? { code: verdict.row.code, params: verdict.match.params } : null;
  return { state, reason, sinceMs: began(state, verdict?.begunMs ?? nowMs, nowMs, before), begunAtMs };
}

function began(state: ServerState, begunMs: number, nowMs: number, before: Judgement | null): number {
  if (!before) return begunMs;
  if (before.state === state) return before.sinceMs;
  return severity(state) < severity(before.state) ? nowMs : begunMs;
}

/** States in falling order of severity. */
export const statesWorstFirst = [
  "down",
  "critical",
  "hanging",
  "mismatch",
  "no_data",
  "degraded",
  "draining",
  "healthy",
] as const satisfies readonly ServerState[];

/** Higher is worse; 0 is healthy. */
export function severity(state: ServerState): number {
  return statesWorstFirst.length - 1 - statesWorstFirst.indexOf(state);
}

/** Sorts servers worst first, then longest in their state unless healthy, then by name. */
export function worstFirst(
  a: Pick<ServerSummary, "state" | "sinceMs" | "name" | "id">,
  b: Pick<ServerSummary, "state" | "sinceMs" | "name" | "id">,
): number {
  const bySeverity = severity(b.state) - severity(a.state);
  if (bySeverity !== 0) return bySeverity;
  if (a.state !== "healthy" && a.sinceMs !== b.sinceMs) return a.sinceMs - b.sinceMs;
  return byText(a.name, b.name) || byText(a.id, b.id);
}

const collator = new Intl.Collator("en", { numeric: true });
const byText = (a: string, b: string) => collator.compare(a, b);

/**
 * Limits of a metric in its own unit for charts and cells: `soft` degrades a server, `hard` makes it
 * critical. null where the table has no row or what it is a share of is unknown. A worker is taken as one.
 */
export function thresholdOf(
  metric: MetricName,
  values: Values,
): { soft: number | null; hard: number | null } {
  const find = (state: ServerState) => {
    const row = healthTable.find((r) => r.input === metric && r.state === state);
    if (!row) return null;
    if (!row.of) return row.threshold;
    const whole = row.of === "workers" ? 1 : (values[row.of] ?? null);
    return whole === null ? null : whole * row.threshold;
  };
  return { soft: find("degraded"), hard: find("critical") };
}

/** Which limit a value is at or past. */
export function breachOf(metric: MetricName, values: Values): "soft" | "hard" | null {
  const value = values[metric] ?? null;
  if (value === null) return null;
  const { soft, hard } = thresholdOf(metric, values);
  if (hard !== null && hard > 0 && value >= hard) return "hard";
  return soft !== null && soft > 0 && value >= soft ? "soft" : null;
}

/** Open connections as a share of the most there may be; null where either is unknown. */
export function connectionsShare({ active_connections: open, max_connections: most }: Values): number | null {
  return most && open != null ? open / most : null;
}
