import { afterEach, beforeEach, expect, test } from "vitest";
import type { Action, ActionKind } from "../../../lib/contract/console-api";
import {
  type ConsoleParts,
  movableClock,
  operator,
  startConsoleParts,
  viewer,
} from "../../testing/console-parts";
import { type FakeMember, startFakeMember } from "../../testing/fake-member";
import { addRemedies, type FakeRemedies } from "../../testing/fake-remedies";
import { until } from "../../testing/until";

let member: FakeMember;
let remedies: FakeRemedies;
let parts: ConsoleParts;
let clock: ReturnType<typeof movableClock>;
const reason = "half-open sockets after failover";

beforeEach(async () => {
  member = await startFakeMember({ id: "ws-1" });
  remedies = addRemedies(member);
  clock = movableClock();
  parts = await startConsoleParts([{ id: "ws-1", name: "Edge one", adminUrl: member.adminUrl }], {
    now: clock.now,
  });
  await parts.sampled();
});
afterEach(async () => {
  await parts.stop();
  await member.close();
});

async function run(kind: ActionKind, extra: { confirmName?: string } = {}) {
  const { previewId } = await parts.actions.preview(operator, "ws-1", kind);
  return parts.actions.run(operator, "ws-1", kind, { previewId, reason, ...extra });
}
const ended = (action: Action) =>
  until("the action has ended", async () => {
    const found = await parts.actions.find(action.id);
    return found.state !== "running" && found.after !== null ? found : null;
  });

test("previews a clean-up without changing anything on the server", async () => {
  const preview = await parts.actions.preview(operator, "ws-1", "cleanup-connections", { idle_seconds: 60 });
  expect(preview).toMatchObject({
    kind: "cleanup-connections",
    serverId: "ws-1",
    activeConnections: 100,
    cleanup: { candidates: { total: 10 }, buffered_bytes: 5_000, queued_messages: 7 },
    reload: null,
    memory: null,
  });
  expect(remedies.cleanups).toEqual([]);
});

test("previews the memory for a collection and the diff for a reload", async () => {
  const gc = await parts.actions.preview(operator, "ws-1", "force-gc");
  expect(gc.memory?.lastFullGcHeapBytes).toBe(4);
  expect(gc.memory?.rssBytes).toBeGreaterThan(0);
  const reload = await parts.actions.preview(operator, "ws-1", "reload-config");
  expect(reload.reload).toMatchObject({ valid: true, dry_run: true, changes: [{ key: "connections.max" }] });
  expect([remedies.collections, remedies.reloads]).toEqual([0, 0]);
});

test("follows a clean-up to its end, with figures before and after and two records under one id", async () => {
  const started = await run("cleanup-connections");
  expect(started).toMatchObject({ state: "running", number: 1, by: "olga", total: 10 });
  expect(parts.actions.markers(0)).toMatchObject([{ actionId: started.id, number: 1, state: "running" }]);
  const action = await ended(started);
  expect(action).toMatchObject({ state: "succeeded", done: 10, error: null, cleanup: { closed: 10 } });
  expect(action.before.active_connections).toBe(100);
  expect(action.after?.active_connections).toBe(100);
  expect(action.settled).toBeNull();
  expect(action.settlesAtMs).toBe((action.finishedAtMs ?? 0) + 300_000);
  expect(parts.actions.markers(0)).toMatchObject([{ state: "succeeded" }]);

  const records = await parts.audit.byAction(action.id);
  expect(records.map((r) => [r.phase, r.who, r.what, r.target, r.reason])).toEqual([
    ["intent", "olga", "action.cleanup-connections", "ws-1", reason],
    ["result", "olga", "action.cleanup-connections", "ws-1", null],
  ]);
  expect(records[1]?.outcome).toMatchObject({ ok: true, state: "succeeded", closed: 10 });
});

test("writes the intent before the server is asked", async () => {
  const phases: string[] = [];
  member.answers.set("/admin/gc", () => ({
    status: 500,
    body: { error: { code: "INTERNAL", message: "no" } },
  }));
  const append = parts.audit.append;
  parts.audit.append = async (entry, within) => {
    const record = await append(entry, within);
    phases.push(`${entry.phase}, asked ${member.asked.filter((a) => a.path === "/admin/gc").length} times`);
    return record;
  };
  const action = await run("force-gc");
  expect(phases).toEqual(["intent, asked 0 times", "result, asked 1 times"]);
  expect(action).toMatchObject({ state: "failed", error: { code: "MEMBER_REFUSED" } });
});

test("an action that can't be written leaves no intent, and the server is not asked", async () => {
  const { previewId } = await parts.actions.preview(operator, "ws-1", "force-gc");
  const asked = member.asked.length;
  await parts.db.schema.alterTable("actions").renameTo("gone").execute();
  await expect(parts.actions.run(operator, "ws-1", "force-gc", { previewId, reason })).rejects.toThrow();
  await parts.db.schema.alterTable("gone").renameTo("actions").execute();
  const intents = await parts.db
    .selectFrom("audit_records")
    .selectAll()
    .where("phase", "=", "intent")
    .execute();
  expect(intents).toEqual([]);
  expect(member.asked.slice(asked).filter(({ path }) => path === "/admin/gc")).toEqual([]);
});

test("closes no more connections than were previewed", async () => {
  const { previewId } = await parts.actions.preview(operator, "ws-1", "cleanup-connections", {
    ip: "10.0.0.1",
  });
  remedies.matched = 90;
  await ended(await parts.actions.run(operator, "ws-1", "cleanup-connections", { previewId, reason }));
  expect(remedies.cleanups).toEqual([{ ip: "10.0.0.1", max: 10, dry_run: false }]);
});

test("closes nobody when nobody was previewed", async () => {
  remedies.matched = 0;
  remedies.closes = 0;
  await ended(await run("cleanup-connections"));
  expect(remedies.cleanups).toEqual([{ ids: [], dry_run: false }]);
});

test("is partial when matched connections stay open, and not when they were spared", async () => {
  remedies.closes = 7;
  expect((await ended(await run("cleanup-connections"))).state).toBe("partial");
  remedies.spared = 3;
  expect((await ended(await run("cleanup-connections"))).state).toBe("succeeded");
});

test("asks for the server's name when more than a quarter of its connections are hit", async () => {
  remedies.matched = 26;
  remedies.closes = 26;
  const refused = { code: "NAME_NOT_CONFIRMED", details: { field: "confirmName" } };
  await expect(run("cleanup-connections")).rejects.toMatchObject(refused);
  await expect(run("cleanup-connections", { confirmName: "ws-1" })).rejects.toMatchObject(refused);
  expect(remedies.cleanups).toEqual([]);
  const action = await ended(await run("cleanup-connections", { confirmName: "Edge one" }));
  expect(action.state).toBe("succeeded");
});

test("numbers the actions of a day and starts again on the next", async () => {
  expect((await run("force-gc")).number).toBe(1);
  expect((await run("reload-config")).number).toBe(2);
  clock.forward(86_400_000);
  await until("samples of the new day", () => {
    const { server, atMs } = parts.fleet.server("ws-1");
    return server.lastSampleAtMs !== null && atMs - server.lastSampleAtMs < 1_000;
  });
  expect((await run("force-gc")).number).toBe(1);
});

test("tells a broken configuration with its mistakes, and keeps the values out of the audit", async () => {
  const good = await run("reload-config");
  expect(good).toMatchObject({ state: "succeeded", reload: { applied: ["connections.max"] } });
  remedies.validConfig = false;
  const action = await run("reload-config");
  expect(action).toMatchObject({
    state: "failed",
    error: { code: "INVALID_CONFIG", details: { mistakes: 1 } },
    reload: { valid: false, mistakes: [{ line: 3 }] },
    settlesAtMs: null,
  });
  const [, result] = await parts.audit.byAction(good.id);
  expect(result?.outcome).toEqual({
    ok: true,
    state: "succeeded",
    code: null,
    changedKeys: ["connections.max"],
    applied: ["connections.max"],
    needsRestart: [],
    mistakes: 0,
  });
});

test("a server that is down, hangs up or forgets the job makes a failed action with a record", async () => {
  const { previewId } = await parts.actions.preview(operator, "ws-1", "force-gc");
  member.mode = "reset";
  const down = await parts.actions.run(operator, "ws-1", "force-gc", { previewId, reason });
  expect(down).toMatchObject({ state: "failed", error: { code: "MEMBER_UNREACHABLE" }, after: null });
  expect((await parts.audit.byAction(down.id)).at(-1)?.outcome).toMatchObject({
    ok: false,
    code: "MEMBER_UNREACHABLE",
  });

  member.mode = "ok";
  member.answers.set("/admin/jobs/job-1", () => ({
    status: 404,
    body: { error: { code: "UNKNOWN_JOB", message: "no such job" } },
  }));
  const started = await run("cleanup-connections");
  const lost = await until("the action has ended", async () => {
    const found = await parts.actions.find(started.id);
    return found.state === "failed" ? found : null;
  });
  expect(lost.error?.code).toBe("OUTCOME_UNKNOWN");
});

test("refuses a viewer and leaves a record of the attempt", async () => {
  const { previewId } = await parts.actions.preview(operator, "ws-1", "force-gc");
  await expect(parts.actions.run(viewer, "ws-1", "force-gc", { previewId, reason })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await expect(parts.actions.preview(viewer, "ws-1", "force-gc")).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  expect(remedies.collections).toBe(0);
  const records = await parts.db
    .selectFrom("audit_records")
    .select(["who", "what", "target", "outcome"])
    .execute();
  expect(records).toEqual([
    expect.objectContaining({ who: "vito", what: "action.force-gc", target: "ws-1" }),
    expect.objectContaining({ who: "vito", what: "action.force-gc.preview", target: "ws-1" }),
  ]);
});

test("refuses a short reason, a stale, foreign or used preview, and an unknown server", async () => {
  const preview = () => parts.actions.preview(operator, "ws-1", "force-gc");
  const first = await preview();
  const run = (previewId: string, kind: ActionKind = "force-gc", why = reason) =>
    parts.actions.run(operator, "ws-1", kind, { previewId, reason: why });
  await expect(run(first.previewId, "force-gc", "  short  ")).rejects.toMatchObject({
    code: "INVALID_BODY",
    details: { field: "reason" },
  });
  await expect(run(first.previewId, "reload-config")).rejects.toMatchObject({ code: "PREVIEW_OUTDATED" });
  await expect(run("made-up")).rejects.toMatchObject({ code: "PREVIEW_OUTDATED" });
  await run(first.previewId);
  await expect(run(first.previewId)).rejects.toMatchObject({ code: "PREVIEW_OUTDATED" });
  const second = await preview();
  clock.forward(60_001);
  await expect(run(second.previewId)).rejects.toMatchObject({ code: "PREVIEW_OUTDATED" });
  await expect(parts.actions.preview(operator, "ws-9", "force-gc")).rejects.toMatchObject({
    code: "UNKNOWN_SERVER",
  });
  expect(remedies.collections).toBe(1);
});

test("runs one action of a kind on a server at a time", async () => {
  remedies.asksUntilEnd = Number.POSITIVE_INFINITY;
  const first = await run("cleanup-connections");
  await expect(run("cleanup-connections")).rejects.toMatchObject({ code: "ACTION_RUNNING" });
  expect((await run("force-gc")).state).toBe("succeeded");
  remedies.asksUntilEnd = 0;
  await ended(first);
  expect((await ended(await run("cleanup-connections"))).state).toBe("succeeded");
});

test("lists by server and time, newest first", async () => {
  const first = await run("force-gc");
  const second = await run("reload-config");
  const ids = async (filter: { serverId?: string; fromMs?: number; limit: number }) => {
    const { actions, total } = await parts.actions.list(filter);
    return [actions.map((a) => a.id), total];
  };
  expect(await ids({ limit: 10 })).toEqual([[second.id, first.id], 2]);
  expect(await ids({ limit: 1 })).toEqual([[second.id], 2]);
  expect(await ids({ serverId: "ws-9", limit: 10 })).toEqual([[], 0]);
  expect(await ids({ fromMs: first.startedAtMs + 1, limit: 10 })).toEqual([[second.id], 1]);
  await expect(parts.actions.find("made-up")).rejects.toMatchObject({ code: "UNKNOWN_ACTION" });
});

test("after a restart closes what was left running as unknown, once, and keeps its marker", async () => {
  remedies.asksUntilEnd = Number.POSITIVE_INFINITY;
  const left = await run("cleanup-connections");
  await parts.stop({ keep: true });
  const members = [{ id: "ws-1", adminUrl: member.adminUrl }];
  parts = await startConsoleParts(members, { now: clock.now, folder: parts.folder });
  const closed = await parts.actions.find(left.id);
  expect(closed).toMatchObject({ state: "failed", error: { code: "OUTCOME_UNKNOWN" }, reason });
  expect(parts.actions.markers(0)).toMatchObject([{ actionId: left.id, number: 1, state: "failed" }]);
  expect((await parts.audit.byAction(left.id)).map((r) => r.phase)).toEqual(["intent", "result"]);
  await parts.actions.start();
  expect(await parts.audit.byAction(left.id)).toHaveLength(2);
});

test("reads the figures again once they have settled, also when the console restarted in between", async () => {
  const action = await run("force-gc");
  expect(action.settled).toBeNull();
  await parts.stop({ keep: true });
  member.traffic = { connections: 77 };
  clock.forward(297_000);
  const members = [{ id: "ws-1", adminUrl: member.adminUrl }];
  parts = await startConsoleParts(members, { now: clock.now, folder: parts.folder });
  const settled = await until(
    "the settled figures",
    async () => (await parts.actions.find(action.id)).settled,
  );
  expect(settled.active_connections).toBe(77);
});

test("leaves the settled figures unknown when the console was off at their time", async () => {
  const action = await run("force-gc");
  await parts.stop({ keep: true });
  clock.forward(300_001);
  const members = [{ id: "ws-1", adminUrl: member.adminUrl }];
  parts = await startConsoleParts(members, { now: clock.now, folder: parts.folder });
  await parts.sampled();
  expect((await parts.actions.find(action.id)).settled).toBeNull();
});
