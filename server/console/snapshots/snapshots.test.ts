import { afterEach, beforeEach, expect, test } from "vitest";
import type { SnapshotRequest } from "../../../lib/contract/console-api";
import { fleetMetricNames, metricNames } from "../../../lib/contract/metrics";
import {
  type ConsoleParts,
  movableClock,
  operator,
  startConsoleParts,
  viewer,
} from "../../testing/console-parts";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { addRemedies, connectionFixture } from "../../testing/fake-remedies";
import { until } from "../../testing/until";

let first: FakeMember;
let second: FakeMember;
let parts: ConsoleParts;
let clock: ReturnType<typeof movableClock>;
const members = () => [
  { id: "ws-1", region: "eu-west", adminUrl: first.adminUrl },
  { id: "ws-2", region: "us-east", adminUrl: second.adminUrl },
];

beforeEach(async () => {
  first = await startFakeMember({ id: "ws-1", traffic: { connections: 41 } });
  second = await startFakeMember({ id: "ws-2", traffic: { connections: 1 } });
  addRemedies(first);
  first.answers.set("/admin/connections", () => ({
    body: [connectionFixture("c-1"), connectionFixture("c-2")],
    headers: { "x-total-count": "2" },
  }));
  first.answers.set("/admin/connections/by-ip", () => ({
    body: [{ remote_ip: "203.0.113.41", connections: 2, idle: 2 }],
  }));
  clock = movableClock();
  parts = await startConsoleParts(members(), { now: clock.now });
  await parts.sampled();
});
afterEach(async () => {
  await parts.stop();
  await Promise.all([first.close(), second.close()]);
});

const windowOf = (ms = 15 * 60_000) => ({ fromMs: clock.now() - ms, toMs: clock.now() });
const fleetView = (extra: Partial<SnapshotRequest> = {}): SnapshotRequest => ({
  page: "fleet",
  path: "/?group=region&range=15m",
  ...windowOf(),
  ...extra,
});
const newIncident = { kind: "new", title: "Servers are down", severity: "sev1", status: "open" } as const;

test("keeps the fleet's view as it was, over a restart and after the live data has gone", async () => {
  const summary = await parts.snapshots.create(viewer, fleetView());
  expect(summary).toMatchObject({
    page: "fleet",
    serverId: null,
    path: "/?group=region&range=15m",
    takenBy: "vito",
    incidentId: null,
  });
  const before = await parts.snapshots.find(summary.id);
  expect(before.fleet.servers.map((s) => s.latest.active_connections).sort()).toEqual([1, 41]);
  expect(before.fleet.aggregates.fleet?.active_connections).toBe(42);
  expect(Object.keys(before.samples.series).sort()).toEqual([
    "fleet",
    "region:eu-west",
    "region:us-east",
    "server:ws-1",
    "server:ws-2",
  ]);
  expect(Object.keys(before.samples.series.fleet ?? {}).sort()).toEqual([...fleetMetricNames].sort());
  expect(Object.keys(before.samples.series["server:ws-1"] ?? {})).toEqual(["push_latency_p99_ms"]);
  expect(before.samples.series.fleet?.active_connections).toContain(42);
  expect(before.fromMs).toBe(before.samples.timesMs[0]);

  await parts.stop({ keep: true });
  await Promise.all([first.close(), second.close()]);
  clock.forward(7 * 86_400_000);
  const others = [{ id: "ws-9", adminUrl: first.adminUrl }];
  parts = await startConsoleParts(others, { now: clock.now, folder: parts.folder });
  expect(await parts.snapshots.find(summary.id)).toEqual(before);
});

test("keeps a server's view with all its figures, its actions and markers, and nobody else's", async () => {
  for (const serverId of ["ws-1", "ws-1"]) {
    const { previewId } = await parts.actions.preview(operator, serverId, "force-gc");
    await parts.actions.run(operator, serverId, "force-gc", { previewId, reason: "heap keeps growing" });
  }
  const view = { page: "server-overview", path: "/servers/ws-2", ...windowOf() } as const;
  const other = await parts.snapshots.create(viewer, { ...view, serverId: "ws-2" });
  expect(await parts.snapshots.find(other.id)).toMatchObject({ actions: [], server: { markers: [] } });
  const own = await parts.snapshots.create(viewer, { ...view, serverId: "ws-1" });
  const found = await parts.snapshots.find(own.id);
  expect(Object.keys(found.samples.series)).toEqual(["server:ws-1"]);
  expect(Object.keys(found.samples.series["server:ws-1"] ?? {})).toEqual(metricNames);
  expect(found.server?.server).toMatchObject({ id: "ws-1", latest: { active_connections: 41 } });
  expect(found.server?.markers.map((m) => m.number)).toEqual([1, 2]);
  expect(found.actions.map((a) => [a.number, a.state])).toEqual([
    [2, "succeeded"],
    [1, "succeeded"],
  ]);
});

test("keeps the very page of connections that was on screen", async () => {
  const query = { idle_gt: 60, offset: 0, limit: 200 };
  const seen = await parts.fleet.connections("ws-1", query);
  first.answers.set("/admin/connections", () => ({ body: [], headers: { "x-total-count": "0" } }));
  const view = {
    page: "server-connections",
    serverId: "ws-1",
    path: "/servers/ws-1/connections?idle_gt=60",
    viewId: seen.viewId,
    ...windowOf(),
  } as const;
  const { id } = await parts.snapshots.create(viewer, view);
  const { connections } = await parts.snapshots.find(id);
  expect(connections).toMatchObject({ query, page: { total: 2, rows: [{ id: "c-1" }, { id: "c-2" }] } });
  expect(connections?.byNetwork?.networks).toEqual([{ network: "203.0.113.0/24", connections: 2, idle: 2 }]);
  // The fake member has no such endpoint: the panel is left out, the view is kept.
  expect(connections?.closed).toBeNull();

  for (const wrong of [{ viewId: undefined }, { viewId: "made-up" }, { serverId: "ws-2" }]) {
    await expect(parts.snapshots.create(viewer, { ...view, ...wrong })).rejects.toMatchObject({
      code: "VIEW_NOT_KEPT",
    });
  }
});

test("a window that was paused earlier has the figures of its end", async () => {
  const toMs = await until("both have told something just now", () => {
    const atMs = clock.now();
    return (
      members().every(({ id }) => atMs - (parts.fleet.server(id).server.lastSampleAtMs ?? 0) < 200) && atMs
    );
  });
  const slotOf = (ms: number) => Math.floor(ms / 100);
  await until("the slot of the pause is over", () => slotOf(clock.now()) > slotOf(toMs) + 1);
  first.traffic = { connections: 900 };
  await until("the new figures are there", () => parts.fleet.latest("ws-1").active_connections === 900);
  const { id } = await parts.snapshots.create(viewer, fleetView({ toMs }));
  const { fleet, samples } = await parts.snapshots.find(id);
  expect(fleet.servers.find((s) => s.id === "ws-1")?.latest.active_connections).toBe(41);
  expect(fleet.aggregates.fleet?.active_connections).toBe(42);
  expect(fleet.atMs).toBe(toMs);
  expect(Math.max(...samples.timesMs)).toBeLessThanOrEqual(toMs);
});

test("refuses a window that is no longer kept, empty or turned round", async () => {
  const create = (fromMs: number, toMs: number) =>
    parts.snapshots.create(viewer, fleetView({ fromMs, toMs }));
  const now = clock.now();
  await expect(create(now - 7_200_000, now - 3_600_000)).rejects.toMatchObject({ code: "WINDOW_NOT_KEPT" });
  await expect(create(now, now - 1_000)).rejects.toMatchObject({ code: "INVALID_BODY" });
  await expect(create(now + 60_000, now + 90_000)).rejects.toMatchObject({ code: "INVALID_BODY" });
});

test("opens an incident over the servers in trouble, and adds to it", async () => {
  first.mode = "reset";
  await until("ws-1 is down", () => parts.fleet.server("ws-1").server.state === "down");
  const { sinceMs } = parts.fleet.server("ws-1").server;
  const opened = await parts.snapshots.create(operator, fleetView({ incident: newIncident }));
  expect(opened.incidentId).toBe("INC-1");
  expect(parts.incidents.open()).toMatchObject([
    { id: "INC-1", title: "Servers are down", serverIds: ["ws-1"], lead: "olga", startedAtMs: sinceMs },
  ]);
  const added = await parts.snapshots.create(operator, {
    page: "server-overview",
    serverId: "ws-2",
    path: "/servers/ws-2",
    ...windowOf(),
    incident: { kind: "add", incidentId: "INC-1" },
  });
  const incident = await parts.incidents.find("INC-1");
  expect(incident.serverIds).toEqual(["ws-1", "ws-2"]);
  expect(incident.snapshots.map((s) => s.id)).toEqual([added.id, opened.id]);
  expect(incident.snapshot?.id).toBe(added.id);
  expect(incident.timeline.map((e) => [e.kind, e.snapshotId])).toEqual([
    ["snapshot", added.id],
    ["snapshot", opened.id],
    ["declared", null],
  ]);
});

test("keeps nothing at all when the incident is closed, unknown or not the caller's to open", async () => {
  const { id } = await parts.incidents.create(operator, {
    title: "Over already",
    severity: "sev3",
    status: "open",
    serverIds: [],
  });
  await parts.incidents.change(operator, id, { status: "resolved" });
  const add = (incidentId: string) =>
    parts.snapshots.create(operator, fleetView({ incident: { kind: "add", incidentId } }));
  await expect(add(id)).rejects.toMatchObject({ code: "INCIDENT_RESOLVED" });
  await expect(add("INC-77")).rejects.toMatchObject({ code: "UNKNOWN_INCIDENT" });
  await expect(parts.snapshots.create(viewer, fleetView({ incident: newIncident }))).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await parts.db.selectFrom("snapshots").select("id").execute()).toEqual([]);
  expect((await parts.incidents.list({ limit: 10, offset: 0 })).total).toBe(1);
});

test("refuses paths that leave the console and unknown servers", async () => {
  for (const path of ["//evil.example", "/\\evil.example", "https://evil.example"]) {
    await expect(parts.snapshots.create(viewer, fleetView({ path }))).rejects.toMatchObject({
      code: "INVALID_BODY",
      details: { field: "path" },
    });
  }
  const view = { page: "server-overview", path: "/servers/x", ...windowOf() } as const;
  await expect(parts.snapshots.create(viewer, view)).rejects.toMatchObject({
    details: { field: "serverId" },
  });
  await expect(parts.snapshots.create(viewer, { ...view, serverId: "x" })).rejects.toMatchObject({
    code: "UNKNOWN_SERVER",
  });
});

test("says so when a stored view is of another version or damaged, and still shows its incident", async () => {
  const { id } = await parts.snapshots.create(operator, fleetView({ incident: newIncident }));
  await parts.db.updateTable("snapshots").set({ format: 99 }).execute();
  await expect(parts.snapshots.find(id)).rejects.toMatchObject({
    code: "UNREADABLE_SNAPSHOT",
    details: { kind: "format" },
  });
  await parts.db
    .updateTable("snapshots")
    .set({ format: 1, payload: Buffer.from("no zlib") })
    .execute();
  await expect(parts.snapshots.find(id)).rejects.toMatchObject({ details: { kind: "damaged" } });
  expect(await parts.incidents.find("INC-1")).toMatchObject({ snapshot: null, snapshots: [{ id }] });
  await expect(parts.snapshots.find("made-up")).rejects.toMatchObject({ code: "UNKNOWN_SNAPSHOT" });
});
