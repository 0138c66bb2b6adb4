import { describe, expect, it } from "vitest";
import {
  breachOf,
  type FailureKind,
  type HealthEvidence,
  type HealthRow,
  healthTable,
  type Judgement,
  judge,
  severity,
  thresholdOf,
  worstFirst,
} from "./health";
import en from "./i18n/messages/en/health.json";
import zh from "./i18n/messages/zh-CN/health.json";

const t0 = 1_800_000_000_000;
const stepMs = 1_000;

function evidence(change: Partial<HealthEvidence> = {}): HealthEvidence {
  return {
    nowMs: t0,
    stepMs,
    watchedSinceMs: t0 - 60_000,
    failure: null,
    lastSampleAtMs: t0,
    draining: false,
    workers: 1,
    values: {},
    ...change,
  };
}

/** The same evidence, seen once a second from `t0` for so long. */
function judgeFor(ms: number, at: (nowMs: number) => HealthEvidence): Judgement {
  let judgement: Judgement | null = null;
  for (let nowMs = t0; nowMs <= t0 + ms; nowMs += 1_000) judgement = judge(at(nowMs), judgement);
  if (!judgement) throw new Error("nothing was judged");
  return judgement;
}

interface Case {
  triggers: () => Judgement;
  justBelow: () => Judgement;
}

function caseOf(row: HealthRow): Case {
  if (row.input === "failure") {
    const failing = (inARow: number) => () =>
      judge(
        evidence({ failure: { kind: row.code as FailureKind, params: {}, sinceMs: t0 - 900, inARow } }),
        null,
      );
    return { triggers: failing(row.threshold), justBelow: failing(row.threshold - 1) };
  }
  if (row.code === "never_sampled") {
    return {
      triggers: () => judge(evidence({ lastSampleAtMs: null }), null),
      justBelow: () => judge(evidence({ lastSampleAtMs: t0 }), null),
    };
  }
  if (row.input === "sample age") {
    const aged = (ms: number) => () => judge(evidence({ lastSampleAtMs: t0 - ms }), null);
    return {
      triggers: aged(row.threshold * stepMs + 1),
      justBelow: aged(row.threshold * stepMs),
    };
  }
  if (row.input === "draining") {
    return {
      triggers: () => judge(evidence({ draining: true }), null),
      justBelow: () => judge(evidence({ draining: false }), null),
    };
  }
  const metric = row.input;
  const whole = row.of ? 1_000 : 1;
  const holding = (value: number, ms: number) =>
    judgeFor(ms, (nowMs) =>
      evidence({
        nowMs,
        lastSampleAtMs: nowMs,
        workers: row.of === "workers" ? whole : 1,
        values: { [metric]: value, ...(row.of && row.of !== "workers" ? { [row.of]: whole } : {}) },
      }),
    );
  const value = row.threshold * whole;
  return {
    triggers: () => holding(value, row.forMs),
    justBelow: () =>
      row.forMs > 0 ? holding(value, row.forMs - 1_000) : holding(value - whole / 1_000, row.forMs),
  };
}

describe("the status table", () => {
  it.each(healthTable.map((row) => [row.code, row] as const))(
    "%s decides at its threshold and not just below it",
    (code, row) => {
      const { triggers, justBelow } = caseOf(row);
      expect(triggers()).toMatchObject({ state: row.state, reason: { code } });
      expect(justBelow().reason?.code).not.toBe(code);
    },
  );

  it.each(healthTable.filter((row) => row.forMs > 0).map((row) => [row.code, row] as const))(
    "%s does not decide below its threshold however long",
    (code, row) => {
      const whole = row.of ? 1_000 : 1;
      const judgement = judgeFor(row.forMs * 3, (nowMs) =>
        evidence({
          nowMs,
          lastSampleAtMs: nowMs,
          workers: whole,
          values: { [row.input]: row.threshold * whole * 0.999 },
        }),
      );
      expect(judgement.reason?.code).not.toBe(code);
    },
  );

  it("has one row a code and words for each in both languages", () => {
    const codes = healthTable.map((row) => row.code);
    expect(new Set(codes).size).toBe(codes.length);
    const expected = [...codes, "state"].sort();
    expect(Object.keys(en).sort()).toEqual(expected);
    expect(Object.keys(zh).sort()).toEqual(expected);
    const states = [...new Set(healthTable.map((row) => row.state)), "healthy"].sort();
    expect(Object.keys(en.state).sort()).toEqual(states);
    expect(Object.keys(zh.state).sort()).toEqual(states);
  });

  it("fills every placeholder of its words", () => {
    for (const row of healthTable) {
      const { reason } = caseOf(row).triggers();
      const given = new Set([...Object.keys(reason?.params ?? {}), ...paramsOfFailures]);
      for (const words of [en, zh]) {
        const text = words[row.code as Exclude<keyof typeof words, "state">];
        const asked = [...text.matchAll(/\{(\w+)/g)].map((m) => m[1] ?? "");
        expect(asked.filter((name) => !given.has(name))).toEqual([]);
      }
    }
  });
});

const paramsOfFailures = ["limitMs", "limitBytes", "path", "status", "encoding"];

describe("judge", () => {
  const failure = (inARow: number, kind: FailureKind = "reset") => ({
    kind,
    params: {},
    sinceMs: t0 + 1_000,
    inARow,
  });

  it("stays healthy through one failed poll and is down since the first when a second one fails", () => {
    const healthy = judge(evidence(), null);
    const once = judge(evidence({ nowMs: t0 + 1_000, failure: failure(1) }), healthy);
    expect(once.state).toBe("healthy");
    const twice = judge(evidence({ nowMs: t0 + 2_000, failure: failure(2) }), once);
    expect(twice).toMatchObject({ state: "down", sinceMs: t0 + 1_000 });
  });

  it("believes a refused connection at once", () => {
    const once = judge(
      evidence({ nowMs: t0 + 1_000, failure: failure(1, "refused") }),
      judge(evidence(), null),
    );
    expect(once).toMatchObject({ state: "down", reason: { code: "refused" }, sinceMs: t0 + 1_000 });
  });

  it("believes one failure when the newest sample is stale anyway", () => {
    const judgement = judge(
      evidence({ nowMs: t0 + 4_000, lastSampleAtMs: t0, failure: failure(1, "no_answer") }),
      judge(evidence(), null),
    );
    expect(judgement).toMatchObject({ state: "hanging", reason: { code: "no_answer" } });
  });

  it("says no data since the newest sample when polls do not finish", () => {
    const judgement = judge(evidence({ nowMs: t0 + 3_001, lastSampleAtMs: t0 }), judge(evidence(), null));
    expect(judgement).toMatchObject({ state: "no_data", sinceMs: t0 });
  });

  it("keeps the beginning while the state lasts and begins anew when it gets better", () => {
    const slow = (nowMs: number, p99: number) =>
      evidence({ nowMs, lastSampleAtMs: nowMs, values: { push_latency_p99_ms: p99 } });
    let judgement = judge(slow(t0, 20), null);
    for (let s = 1; s <= 20; s++) judgement = judge(slow(t0 + s * 1_000, 400), judgement);
    expect(judgement).toMatchObject({
      state: "critical",
      sinceMs: t0 + 1_000,
      reason: { params: { value: 400 } },
    });
    judgement = judge(slow(t0 + 21_000, 200), judgement);
    expect(judgement).toMatchObject({ state: "degraded", sinceMs: t0 + 21_000 });
    judgement = judge(slow(t0 + 22_000, 20), judgement);
    expect(judgement).toMatchObject({ state: "healthy", reason: null, sinceMs: t0 + 22_000 });
  });

  it("starts to count again when a figure fell below its limit in between", () => {
    const judgement = judgeFor(15_000, (nowMs) =>
      evidence({
        nowMs,
        lastSampleAtMs: nowMs,
        values: { push_latency_p99_ms: nowMs === t0 + 8_000 ? 20 : 400 },
      }),
    );
    expect(judgement.state).toBe("healthy");
  });

  it("does not flap when a figure swings about its limit, and clears a twentieth below it", () => {
    const full = (nowMs: number, open: number) =>
      evidence({
        nowMs,
        lastSampleAtMs: nowMs,
        values: { active_connections: open, max_connections: 100 },
      });
    const critical = judge(full(t0, 95), judge(full(t0 - 1_000, 94), null));
    expect(critical).toMatchObject({ state: "critical", sinceMs: t0 });
    const still = judge(full(t0 + 1_000, 91), critical);
    expect(still).toMatchObject({ state: "critical", sinceMs: t0, reason: { params: { percent: 91 } } });
    expect(judge(full(t0 + 2_000, 90), still)).toMatchObject({ state: "degraded", sinceMs: t0 + 2_000 });
  });

  it("does not count time without samples as time above a limit", () => {
    const values = { push_latency_p99_ms: 400 };
    let judgement = judge(evidence({ values }), null);
    judgement = judge(evidence({ nowMs: t0 + 5_000, failure: failure(4), values }), judgement);
    judgement = judge(evidence({ nowMs: t0 + 30_000, lastSampleAtMs: t0 + 30_000, values }), judgement);
    expect(judgement.state).toBe("healthy");
  });

  it("takes an unknown figure for no sign of trouble", () => {
    const values = { active_connections: 100, max_connections: null, rss_bytes: 5, memory_limit_bytes: 0 };
    expect(judge(evidence({ values }), null).state).toBe("healthy");
  });
});

describe("order and limits", () => {
  it("puts the worst first, then the longest in trouble, then by name in natural order", () => {
    const server = (name: string, state: Judgement["state"], sinceMs = t0) => ({
      id: name,
      name,
      state,
      sinceMs,
    });
    const sorted = [
      server("ws-10", "healthy"),
      server("ws-2", "healthy", t0 - 5),
      server("d", "degraded"),
      server("c-new", "critical", t0),
      server("c-old", "critical", t0 - 1_000),
      server("x", "down"),
    ].sort(worstFirst);
    expect(sorted.map((s) => s.name)).toEqual(["x", "c-old", "c-new", "d", "ws-2", "ws-10"]);
    expect(severity("healthy")).toBe(0);
  });

  it("gives limits in the metric's own unit and null where there are none", () => {
    expect(thresholdOf("push_latency_p99_ms", {})).toEqual({ soft: 150, hard: 250 });
    expect(thresholdOf("active_connections", { max_connections: 200 })).toEqual({ soft: 160, hard: 190 });
    expect(thresholdOf("active_connections", {})).toEqual({ soft: null, hard: null });
    expect(thresholdOf("topics", {})).toEqual({ soft: null, hard: null });
  });

  it("tells which limit a value is past", () => {
    expect(breachOf("push_latency_p99_ms", { push_latency_p99_ms: 149.9 })).toBeNull();
    expect(breachOf("push_latency_p99_ms", { push_latency_p99_ms: 150 })).toBe("soft");
    expect(breachOf("push_latency_p99_ms", { push_latency_p99_ms: 250 })).toBe("hard");
    expect(breachOf("push_latency_p99_ms", { push_latency_p99_ms: null })).toBeNull();
    expect(breachOf("rss_bytes", { rss_bytes: 5, memory_limit_bytes: 0 })).toBeNull();
  });
});
