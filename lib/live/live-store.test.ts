import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { afterEach, expect, test, vi } from "vitest";
import type { FleetSnapshot, SeriesWindow, ServerSummary, Snapshot } from "../contract/console-api";
import { type ClientEvents, type LiveFrame, livePath, type ServerEvents } from "../contract/live";
import { fleetMetricNames } from "../contract/metrics";
import { LiveStore } from "./live-store";

const start = 1_700_000_000_000;

function server(id: string, region = "eu"): ServerSummary {
  return {
    id,
    name: id,
    labels: {},
    region,
    adminUrl: "http://127.0.0.1:1",
    wsUrl: null,
    version: null,
    state: "healthy",
    reason: null,
    sinceMs: start,
    lastSampleAtMs: start,
    latest: {},
  };
}

function fleet(): FleetSnapshot {
  return {
    fleetName: "test",
    environment: "test",
    atMs: start,
    stepMs: 1_000,
    servers: [server("a"), server("b")],
    aggregates: {},
    reporting: 2,
    markers: [],
    openIncidents: [],
  };
}

const row = (key: string, slotMs: number, connections: number) =>
  [key, slotMs, ...fleetMetricNames.map((name) => (name === "active_connections" ? connections : 0))] as [
    string,
    number,
    ...number[],
  ];

function frame(seconds: number, connections: number, more: Partial<LiveFrame> = {}): LiveFrame {
  const slotMs = start + seconds * 1_000;
  return {
    full: false,
    atMs: slotMs + 300,
    stepMs: 1_000,
    samples: [row("server:a", slotMs, connections), row("fleet", slotMs, connections)],
    states: [["a", "healthy", null, start, slotMs]],
    reporting: 2,
    servers: 2,
    markers: [],
    ...more,
  };
}

let fake: FakeConsole | null = null;
let store: LiveStore | null = null;

afterEach(async () => {
  store?.stop();
  await fake?.close();
  fake = null;
  store = null;
});

async function open(): Promise<{ console: FakeConsole; live: LiveStore }> {
  fake = await startFakeConsole(frame(0, 1, { full: true }));
  store = new LiveStore({ kind: "live", fleet: fleet(), view: { kind: "fleet" } }, { origin: fake.origin });
  store.start();
  return { console: fake, live: store };
}

const connections = (live: LiveStore) => live.scene().servers.get("a")?.latest.active_connections;
const soon = { timeout: 10_000, interval: 20 };

test("frames move values, states and charts; an untouched server keeps its object", async () => {
  const { console, live } = await open();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
  const untouched = live.scene().servers.get("b");
  console.push(frame(2, 7, { states: [["a", "critical", null, start, start + 2_000]] }));
  await vi.waitFor(() => expect(connections(live)).toBe(7), soon);
  expect(live.scene().servers.get("a")?.state).toBe("critical");
  expect(live.scene().servers.get("b")).toBe(untouched);
  expect(live.scene().fleet.aggregates.fleet?.active_connections).toBe(7);
  expect(live.read("fleet", ["active_connections"]).values[0]?.slice(-3)).toEqual([1, null, 7]);
});

test("frames that come before hydration leave what the page was rendered with", async () => {
  const { console, live } = await open();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
  console.push(frame(2, 7));
  await vi.waitFor(() => expect(connections(live)).toBe(7), soon);
  const before = live.rendered();
  expect(before.servers.get("a")?.latest).toEqual({});
  live.seed({ fleet: { ...fleet(), atMs: start + 1, fleetName: "seeded" } });
  expect(live.rendered().fleet.fleetName).toBe("seeded");
  expect(live.rendered()).toBe(live.rendered());
  expect(connections(live)).toBe(7);
});

test("while paused nothing moves but incidents, and resuming brings what waited", async () => {
  const { console, live } = await open();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
  live.setPaused(true);
  const incident = {
    id: "INC-1",
    title: "late",
    severity: "sev2" as const,
    status: "open" as const,
    serverIds: ["a"],
    lead: "",
    startedAtMs: start,
    detectedAtMs: start,
    mitigatedAtMs: null,
    resolvedAtMs: null,
  };
  console.push(frame(1, 5));
  console.push(frame(2, 6, { openIncidents: [incident] }));
  await vi.waitFor(() => expect(live.scene().paused?.waiting).toBe(2), soon);
  expect(connections(live)).toBe(1);
  expect(live.scene().fleet.openIncidents).toEqual([incident]);
  live.setPaused(false);
  expect(connections(live)).toBe(6);
  expect(live.read("fleet", ["active_connections"]).values[0]?.slice(-3)).toEqual([1, 5, 6]);
});

test("without the push it polls and says so, and goes back to the push by itself", async () => {
  const { console, live } = await open();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
  console.answerPolls(frame(9, 42, { full: true }));
  await console.stopPush();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("polling"), soon);
  expect(connections(live)).toBe(42);
  console.startPush();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
});

test("when neither push nor polling answers it says that the connection is lost and keeps the data", async () => {
  const { console, live } = await open();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
  await console.stopPush();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("lost"), soon);
  expect(live.scene().connection.retryAtMs).not.toBeNull();
  expect(connections(live)).toBe(1);
});

test("a session that ended stops everything", async () => {
  const { console, live } = await open();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("push"), soon);
  console.signOut();
  await vi.waitFor(() => expect(live.scene().connection.mode).toBe("signed_out"), soon);
});

test("a snapshot shows its own window and follows nothing", () => {
  const samples: SeriesWindow = {
    stepMs: 1_000,
    timesMs: [start, start + 1_000, start + 2_000],
    series: { fleet: { active_connections: [1, null, 3] } },
  };
  const snapshot: Snapshot = {
    id: "s",
    page: "fleet",
    serverId: null,
    path: "/",
    fromMs: start,
    toMs: start + 2_000,
    takenAtMs: start + 2_000,
    takenBy: "mei",
    incidentId: null,
    fleet: fleet(),
    server: null,
    samples,
    connections: null,
    actions: [],
  };
  const frozen = new LiveStore({ kind: "frozen", snapshot });
  frozen.start();
  frozen.setRange(300_000);
  frozen.setPaused(true);
  expect(frozen.read("fleet", ["active_connections"])).toEqual({
    timesMs: samples.timesMs,
    values: [[1, null, 3]],
  });
  expect(frozen.scene()).toMatchObject({ frozen: true, paused: null, connection: { mode: "frozen" } });
});

/** A console that pushes what it is told to and can lose its push or its polls. */
interface FakeConsole {
  origin: string;
  push(frame: LiveFrame): void;
  /** From now on GET /api/live answers this; before that it answers 503. */
  answerPolls(frame: LiveFrame): void;
  stopPush(): Promise<void>;
  startPush(): void;
  signOut(): void;
  close(): Promise<void>;
}

async function startFakeConsole(first: LiveFrame): Promise<FakeConsole> {
  let poll: LiveFrame | null = null;
  let pushing = true;
  const http = createServer((_, response) => {
    response.statusCode = poll ? 200 : 503;
    response.end(JSON.stringify(poll ?? { error: { code: "SHUTTING_DOWN", message: "" } }));
  });
  const io = new Server<ClientEvents, ServerEvents>(http, { path: livePath });
  io.use((_, next) => next(pushing ? undefined : new Error("down")));
  io.on("connection", (socket) => {
    socket.on("watch", (_, answer) => answer({ ok: true, frame: first }));
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    push: (frame) => io.emit("frame", frame),
    answerPolls: (frame) => {
      poll = frame;
    },
    async stopPush() {
      pushing = false;
      io.disconnectSockets(true);
    },
    startPush: () => {
      pushing = true;
    },
    signOut: () => io.emit("signedOut"),
    close: () => io.close(),
  };
}
