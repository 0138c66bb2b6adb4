import { describe, expect, it } from "vitest";
import { type MetricName, metricNames } from "../../../lib/contract/metrics";
import { isCodedError } from "../../../lib/errors";
import { createMemoryHistory } from "./memory-history";

const t0 = 1_800_000_000_000;
const minute = 60_000;

function row(values: Partial<Record<MetricName, number>>): (number | null)[] {
  return metricNames.map((name) => values[name] ?? null);
}

function filled(seconds: number) {
  const history = createMemoryHistory(1_000);
  for (let s = 0; s < seconds; s++) {
    history.write("fleet", t0 + s * 1_000, row({ active_connections: s }));
  }
  return history;
}

describe("the history in memory", () => {
  it("gives a window as columns over one time axis", () => {
    const window = filled(5).window(["fleet"], ["active_connections"], t0 + 1_000, t0 + 3_999);
    expect(window).toEqual({
      stepMs: 1_000,
      timesMs: [t0 + 1_000, t0 + 2_000, t0 + 3_000],
      series: { fleet: { active_connections: [1, 2, 3] } },
    });
  });

  it("leaves gaps where a series has no sample, and never fills them", () => {
    const history = filled(4);
    history.write("server:a", t0 + 1_000, row({ active_connections: 9 }));
    history.write("server:a", t0 + 3_000, row({ active_connections: 0 }));
    const { series } = history.window(
      ["server:a", "server:b"],
      ["active_connections", "topics"],
      t0,
      t0 + 3_000,
    );
    expect(series["server:a"]).toEqual({
      active_connections: [null, 9, null, 0],
      topics: [null, null, null, null],
    });
    expect(series["server:b"]?.active_connections).toEqual([null, null, null, null]);
  });

  it("replaces a row of the same slot", () => {
    const history = filled(2);
    history.write("fleet", t0 + 1_000, row({ active_connections: 70 }));
    expect(history.read("fleet", t0 + 1_000)?.[metricNames.indexOf("active_connections")]).toBe(70);
  });

  it("keeps byte counts exact and other figures to three decimals", () => {
    const history = createMemoryHistory(1_000);
    history.write(
      "fleet",
      t0,
      row({ rss_bytes: 68_719_476_737, cpu_cores: 0.3, active_connections: 1_000_003 }),
    );
    const { series } = history.window(["fleet"], ["rss_bytes", "cpu_cores", "active_connections"], t0, t0);
    expect(series.fleet).toEqual({
      rss_bytes: [68_719_476_737],
      cpu_cores: [0.3],
      active_connections: [1_000_003],
    });
  });

  it("keeps the newest quarter of an hour and forgets what is older", () => {
    const history = filled(40 * 60);
    const end = t0 + 40 * minute - 1_000;
    const window = history.window(["fleet"], ["active_connections"], t0, end);
    const values = window.series.fleet?.active_connections ?? [];
    expect(values).not.toContain(null);
    expect(end - (window.timesMs[0] ?? 0)).toBeGreaterThanOrEqual(15 * minute);
    expect(end - (window.timesMs[0] ?? 0)).toBeLessThan(17 * minute);
    expect(values.at(-1)).toBe(40 * 60 - 1);
  });

  it("refuses a window only when it ends before what is kept begins", () => {
    const history = filled(40 * 60);
    const kept = history.keptFromMs() ?? 0;
    const ask = (toMs: number) => history.window(["fleet"], ["topics"], t0, toMs);
    expect(ask(kept).timesMs).toEqual([kept]);
    try {
      ask(kept - 1);
      expect.unreachable("the window was given");
    } catch (error) {
      expect(isCodedError(error) && error.code).toBe("WINDOW_NOT_KEPT");
    }
    expect(createMemoryHistory(1_000).window(["fleet"], ["topics"], 0, 1)).toEqual({
      stepMs: 1_000,
      timesMs: [],
      series: { fleet: { topics: [] } },
    });
  });

  it("does not run into the future, however large the window", () => {
    expect(filled(3).window(["fleet"], ["topics"], 0, Number.MAX_SAFE_INTEGER).timesMs).toHaveLength(3);
  });

  it("goes on with samples after the clock was set back by a day", () => {
    const history = filled(10);
    const yesterday = t0 - 24 * 60 * minute;
    history.write("fleet", yesterday, row({ active_connections: 5 }));
    history.write("fleet", yesterday + 1_000, row({ active_connections: 6 }));
    const { timesMs, series } = history.window(["fleet"], ["active_connections"], 0, t0);
    expect(timesMs).toEqual([yesterday, yesterday + 1_000]);
    expect(series.fleet?.active_connections).toEqual([5, 6]);
  });
});
