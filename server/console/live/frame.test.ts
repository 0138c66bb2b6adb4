import { beforeEach, describe, expect, it } from "vitest";
import type { IncidentSummary, Marker } from "../../../lib/contract/console-api";
import { type LiveFrame, liveFrameSchema } from "../../../lib/contract/live";
import { fleetMetricNames, metricNames } from "../../../lib/contract/metrics";
import { failedPoll, goodPoll } from "../../testing/poll-outcome";
import { silentLogger } from "../../testing/silent-logger";
import type { PollOutcome } from "../fleet/batch";
import { type Board, createBoard } from "../fleet/board";
import { buildFrame, isEmptyFrame } from "./frame";

const t0 = 1_800_000_000_000;
const connectionsAt = 2 + fleetMetricNames.indexOf("active_connections");

let now: number;
let markers: Marker[];
let incidents: IncidentSummary[];
let board: Board;

beforeEach(() => {
  now = t0;
  markers = [];
  incidents = [];
  board = createBoard({
    members: ["eu-1", "eu-2", "us-1"].map((id) => ({
      id,
      name: id,
      labels: {},
      region: id.slice(0, 2),
      adminUrl: "http://127.0.0.1:1",
      wsUrl: null,
      token: null,
    })),
    stepMs: 1_000,
    now: () => now,
    logger: silentLogger(),
    markers: () => markers,
    openIncidents: () => incidents,
  });
});

function take(...outcomes: PollOutcome[]): void {
  now = Math.max(now, ...outcomes.map((o) => o.atMs));
  board.take({ atMs: now, outcomes });
}

const good = (id: string, slot: number, connections: number) =>
  goodPoll(id, t0 + slot * 1_000, { active_connections: connections, topics: 5 });

function connections(frame: LiveFrame): Record<string, number | null> {
  return Object.fromEntries(
    frame.samples.map((row) => [`${row[0]}@${(row[1] - t0) / 1_000}`, row[connectionsAt] as number | null]),
  );
}

describe("a full frame", () => {
  it("holds the newest row of every series that the view shows, and every state", () => {
    take(good("eu-1", 0, 10), good("eu-2", 0, 20), good("us-1", 0, 5));
    const frame = liveFrameSchema.parse(buildFrame(board, { kind: "fleet" }, null));
    expect(frame).toMatchObject({ full: true, servers: 3, reporting: 3, openIncidents: [] });
    expect(connections(frame)).toEqual({
      "fleet@0": 35,
      "region:eu@0": 30,
      "region:us@0": 5,
      "server:eu-1@0": 10,
      "server:eu-2@0": 20,
      "server:us-1@0": 5,
    });
    expect(frame.samples.every((row) => row.length === 2 + fleetMetricNames.length)).toBe(true);
    expect(frame.states.map((row) => row[0])).toEqual(["eu-1", "eu-2", "us-1"]);
  });

  it("of a server holds its row alone, in all columns, and its topics", () => {
    take(good("eu-1", 0, 10), good("eu-2", 0, 20));
    const frame = buildFrame(board, { kind: "server", serverId: "eu-2" }, null);
    expect(frame.samples.map((row) => row[0])).toEqual(["server:eu-2"]);
    expect(frame.samples[0]).toHaveLength(2 + metricNames.length);
    expect(frame.topTopics?.topics[0]?.topic).toBe("eu-2-topic");
    expect(frame.states).toHaveLength(3);
  });

  it("of the shell holds states and incidents only", () => {
    take(good("eu-1", 0, 10));
    const frame = buildFrame(board, { kind: "shell" }, null);
    expect(frame.samples).toEqual([]);
    expect(frame.states).toHaveLength(3);
    expect(frame.openIncidents).toEqual([]);
  });
});

describe("a frame of changes", () => {
  it("holds what came after the frame before, and aggregates that follow at once", () => {
    take(good("eu-1", 0, 10), good("eu-2", 0, 20), good("us-1", 0, 5));
    buildFrame(board, { kind: "fleet" }, null);
    const since = board.changes.newest();
    take(good("eu-1", 1, 11));
    const frame = buildFrame(board, { kind: "fleet" }, since);
    expect(frame.full).toBe(false);
    // The others' polls of this slot are still to come: their newest samples count, so nothing dips.
    expect(connections(frame)).toEqual({
      "server:eu-1@1": 11,
      "fleet@1": 36,
      "region:eu@1": 31,
      "region:us@1": 5,
    });
    expect(frame.states.map((row) => row[0])).toEqual(["eu-1"]);
  });

  it("replaces an aggregate of the same slot when a server's poll of it fails", () => {
    take(good("eu-1", 0, 10), good("us-1", 0, 5));
    take(good("us-1", 1, 6));
    expect(connections(buildFrame(board, { kind: "fleet" }, null))["fleet@1"]).toBe(16);
    const since = board.changes.newest();
    take(failedPoll("eu-1", t0 + 1_000, "refused"));
    expect(connections(buildFrame(board, { kind: "fleet" }, since))).toEqual({
      "fleet@1": 6,
      "region:eu@1": null,
      "region:us@1": 6,
    });
  });

  it("leaves a gap, not 0, in the aggregates when nobody answers", () => {
    take(good("eu-1", 0, 10));
    take(failedPoll("eu-1", t0 + 1_000, "refused"));
    take(failedPoll("eu-1", t0 + 2_000, "refused"));
    expect(board.reporting()).toBe(0);
    const { series } = board.history.window(["fleet"], ["active_connections"], t0, t0 + 2_000);
    expect(series.fleet?.active_connections?.filter((v) => v !== null)).toEqual([10]);
    now = t0 + 60_000;
    expect(board.aggregates().fleet).toEqual({});
  });

  it("shows on a server's page that another server's state changed, but none of its figures", () => {
    take(good("eu-1", 0, 10), good("us-1", 0, 5));
    const since = board.changes.newest();
    take(good("us-1", 1, 6));
    const view = { kind: "server", serverId: "eu-1" } as const;
    // The newest sample's instant of another server is no change for this page.
    expect(isEmptyFrame(buildFrame(board, view, since))).toBe(true);
    take(failedPoll("us-1", t0 + 2_000, "html"));
    take(failedPoll("us-1", t0 + 3_000, "html"));
    const frame = buildFrame(board, view, since);
    expect(frame.samples).toEqual([]);
    expect(frame.states).toContainEqual([
      "us-1",
      "mismatch",
      { code: "html", params: {} },
      t0 + 2_010,
      t0 + 1_020,
    ]);
  });

  it("tells a state that changed with time alone", () => {
    take(good("eu-1", 0, 10));
    const since = board.changes.newest();
    now = t0 + 10_000;
    expect(board.tick()).toBe(true);
    const row = buildFrame(board, { kind: "shell" }, since).states.find((r) => r[0] === "eu-1");
    expect(row?.slice(1, 4)).toEqual(["no_data", { code: "stale", params: {} }, t0 + 20]);
    expect(board.tick()).toBe(false);
  });

  it("holds markers and incidents when they changed, and not otherwise", () => {
    take(good("eu-1", 0, 10));
    buildFrame(board, { kind: "fleet" }, null);
    const since = board.changes.newest();
    expect(buildFrame(board, { kind: "fleet" }, since).openIncidents).toBeUndefined();
    markers = [
      {
        actionId: "a",
        number: 1,
        kind: "force-gc",
        serverId: "eu-1",
        atMs: t0,
        by: "mei",
        state: "running",
      },
    ];
    expect(board.tick()).toBe(true);
    expect(buildFrame(board, { kind: "fleet" }, since).markers).toHaveLength(1);
    expect(buildFrame(board, { kind: "server", serverId: "eu-2" }, since).markers).toHaveLength(0);
    const later = board.changes.newest();
    expect(isEmptyFrame(buildFrame(board, { kind: "fleet" }, later))).toBe(true);
    markers = [];
    expect(buildFrame(board, { kind: "fleet" }, later).markers).toEqual([]);
  });

  it("is full, with the rows in between, for a reader who missed some", () => {
    take(good("eu-1", 0, 10));
    const since = board.changes.newest();
    take(good("eu-1", 1, 11));
    take(good("eu-1", 2, 12));
    const frame = buildFrame(board, { kind: "fleet" }, since, true);
    expect(frame.full).toBe(true);
    expect(connections(frame)).toMatchObject({ "server:eu-1@1": 11, "server:eu-1@2": 12 });
    expect(frame.states).toHaveLength(3);
  });

  it("is full when what the reader knows is too long ago", () => {
    take(good("eu-1", 0, 10));
    const since = board.changes.newest();
    for (let slot = 1; slot < 400; slot++) take(good("eu-1", slot, slot));
    expect(buildFrame(board, { kind: "fleet" }, since)).toMatchObject({ full: true });
  });
});
