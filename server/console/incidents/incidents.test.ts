import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type ConsoleParts,
  movableClock,
  operator,
  startConsoleParts,
  viewer,
} from "../../testing/console-parts";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { addRemedies } from "../../testing/fake-remedies";

let member: FakeMember;
let parts: ConsoleParts;
let clock: ReturnType<typeof movableClock>;
const members = () => [
  { id: "ws-1", adminUrl: member.adminUrl },
  { id: "ws-2", adminUrl: member.adminUrl },
];
const latency = { title: "Latency above 250 ms", severity: "sev2", status: "open" } as const;

beforeEach(async () => {
  member = await startFakeMember();
  addRemedies(member);
  clock = movableClock();
  parts = await startConsoleParts(members(), { now: clock.now });
});
afterEach(async () => {
  await parts.stop();
  await member.close();
});

const create = (change: Partial<Parameters<ConsoleParts["incidents"]["create"]>[1]> = {}) =>
  parts.incidents.create(operator, { ...latency, serverIds: ["ws-1"], ...change });
const kinds = async (id: string) => (await parts.incidents.find(id)).timeline.map((entry) => entry.kind);

test("numbers incidents, names who declared them and keeps them over a restart", async () => {
  const startedAtMs = clock.now() - 60_000;
  const first = await create({ startedAtMs });
  expect(first).toMatchObject({
    id: "INC-1",
    lead: "olga",
    startedAtMs,
    mitigatedAtMs: null,
    resolvedAtMs: null,
  });
  expect((await create()).id).toBe("INC-2");
  expect(parts.incidents.open().map((i) => i.id)).toEqual(["INC-2", "INC-1"]);
  await parts.stop({ keep: true });
  parts = await startConsoleParts(members(), { now: clock.now, folder: parts.folder });
  expect(parts.incidents.open().map((i) => i.id)).toEqual(["INC-2", "INC-1"]);
  const found = await parts.incidents.find("INC-1");
  expect(found).toMatchObject({ ...first, cause: "", snapshots: [], snapshot: null });
  expect(found.timeline).toMatchObject([
    { kind: "declared", by: "olga", params: { severity: "sev2", status: "open" } },
  ]);
});

test("tells each change with what it was before and sets the times of its status", async () => {
  const { id } = await create();
  clock.forward(60_000);
  const monitoring = await parts.incidents.change(operator, id, { status: "monitoring", severity: "sev1" });
  expect(monitoring.mitigatedAtMs).toBeGreaterThanOrEqual(monitoring.detectedAtMs + 60_000);
  clock.forward(60_000);
  const resolved = await parts.incidents.change(operator, id, { status: "resolved", cause: "NAT failover" });
  expect(resolved.mitigatedAtMs).toBe(monitoring.mitigatedAtMs);
  expect(resolved.resolvedAtMs).toBeGreaterThanOrEqual(monitoring.detectedAtMs + 120_000);
  expect(parts.incidents.open()).toEqual([]);
  const reopened = await parts.incidents.change(operator, id, { status: "open" });
  expect(reopened).toMatchObject({ mitigatedAtMs: null, resolvedAtMs: null });
  expect(parts.incidents.open().map((i) => i.id)).toEqual([id]);

  const { timeline, cause } = await parts.incidents.find(id);
  expect(cause).toBe("NAT failover");
  expect(timeline.map(({ kind, params }) => ({ kind, ...params }))).toEqual([
    { kind: "status", from: "resolved", to: "open" },
    { kind: "status", from: "monitoring", to: "resolved" },
    { kind: "status", from: "open", to: "monitoring" },
    { kind: "severity", from: "sev2", to: "sev1" },
    { kind: "declared", severity: "sev2", status: "open" },
  ]);
});

test("a change to what it was already leaves no entry", async () => {
  const { id } = await create();
  await parts.incidents.change(operator, id, { title: latency.title, status: "open" });
  expect(await kinds(id)).toEqual(["declared"]);
});

test("shows the actions on its servers within its time beside notes", async () => {
  await parts.sampled();
  const act = async (serverId: string) => {
    const { previewId } = await parts.actions.preview(operator, serverId, "force-gc");
    return parts.actions.run(operator, serverId, "force-gc", { previewId, reason: "heap keeps growing" });
  };
  await act("ws-1");
  clock.forward(1_000);
  const { id } = await create();
  const own = await act("ws-1");
  await act("ws-2");
  const note = await parts.incidents.addNote(operator, id, "  p99 steady at 44 ms ");
  clock.forward(1_000);
  await parts.incidents.change(operator, id, { status: "resolved" });
  clock.forward(1_000);
  await act("ws-1");
  const { timeline } = await parts.incidents.find(id);
  expect(timeline.map((entry) => entry.kind)).toEqual(["status", "note", "action", "declared"]);
  expect(timeline[1]).toEqual(note);
  expect(note).toMatchObject({ text: "p99 steady at 44 ms", by: "olga", hidden: false });
  expect(timeline[2]).toMatchObject({
    atMs: own.startedAtMs,
    by: "olga",
    action: { id: own.id, state: "succeeded" },
  });
});

test("an incident without servers shows the actions on all of them", async () => {
  await parts.sampled();
  const { id } = await create({ serverIds: [] });
  const { previewId } = await parts.actions.preview(operator, "ws-2", "force-gc");
  await parts.actions.run(operator, "ws-2", "force-gc", { previewId, reason: "heap keeps growing" });
  expect(await kinds(id)).toEqual(["action", "declared"]);
});

test("lists active ones first, by severity, status and text", async () => {
  await create();
  clock.forward(1_000);
  await create({ title: "100% of orders_pg is late", severity: "sev3", serverIds: ["ws-2"] });
  clock.forward(1_000);
  await create({ title: "Disk nearly full" });
  await parts.incidents.change(operator, "INC-3", { status: "resolved" });
  const ids = async (query: object) => {
    const { incidents, total } = await parts.incidents.list({ limit: 100, offset: 0, ...query });
    return [incidents.map((i) => i.id).join(), total];
  };
  expect(await ids({})).toEqual(["INC-2,INC-1,INC-3", 3]);
  expect(await ids({ limit: 1, offset: 1 })).toEqual(["INC-1", 3]);
  expect(await ids({ severity: "sev3" })).toEqual(["INC-2", 1]);
  expect(await ids({ status: "resolved" })).toEqual(["INC-3", 1]);
  expect(await ids({ q: "DISK" })).toEqual(["INC-3", 1]);
  expect(await ids({ q: "ws-2" })).toEqual(["INC-2", 1]);
  expect(await ids({ q: "inc-1" })).toEqual(["INC-1", 1]);
  expect(await ids({ q: "OLGA" })).toEqual(["INC-2,INC-1,INC-3", 3]);
  expect(await ids({ q: "100%" })).toEqual(["INC-2", 1]);
  expect(await ids({ q: "s_pg" })).toEqual(["INC-2", 1]);
  expect(await ids({ q: "s%pg" })).toEqual(["", 0]);
});

test("tells the medians of the last 30 days, and none when there is nothing to tell", async () => {
  expect(await parts.incidents.list({ limit: 10, offset: 0 })).toMatchObject({
    medianDetectMs: null,
    medianMitigateMs: null,
  });
  for (const lateMs of [10_000, 30_000]) await create({ startedAtMs: clock.now() - lateMs });
  await create({ startedAtMs: clock.now() - 40 * 86_400_000 });
  const { medianDetectMs, medianMitigateMs } = await parts.incidents.list({ limit: 10, offset: 0 });
  expect(Math.round((medianDetectMs ?? 0) / 1_000)).toBe(20);
  expect(medianMitigateMs).toBeNull();
});

test("refuses viewers, unknown incidents, times to come and empty texts", async () => {
  const { id } = await create();
  const viewers = [
    parts.incidents.create(viewer, { ...latency, serverIds: [] }),
    parts.incidents.change(viewer, id, { status: "resolved" }),
    parts.incidents.addNote(viewer, id, "text"),
  ];
  for (const attempt of viewers) await expect(attempt).rejects.toMatchObject({ code: "FORBIDDEN" });
  for (const unknown of ["INC-9", "INC-0", "INC-1 or 1=1", "1", ""]) {
    await expect(parts.incidents.find(unknown)).rejects.toMatchObject({ code: "UNKNOWN_INCIDENT" });
    await expect(parts.incidents.addNote(operator, unknown, "text")).rejects.toMatchObject({
      code: "UNKNOWN_INCIDENT",
    });
  }
  await expect(create({ startedAtMs: clock.now() + 60_000 })).rejects.toMatchObject({ code: "INVALID_BODY" });
  await expect(parts.incidents.addNote(operator, id, "  ")).rejects.toMatchObject({ code: "INVALID_BODY" });
  await expect(parts.incidents.change(operator, id, {})).rejects.toMatchObject({ code: "INVALID_BODY" });
  expect(await kinds(id)).toEqual(["declared"]);
});
