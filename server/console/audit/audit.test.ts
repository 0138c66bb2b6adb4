import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../storage/database";
import { openStore } from "../storage/open-store";
import { createAudit } from "./audit";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wirewatch-audit-"));
  store = await openStore(folder);
});
afterEach(async () => {
  await store.destroy();
  rmSync(folder, { recursive: true });
});

const who = { name: "ana", role: "operator" } as const;

test("keeps an action's intent and result under one id, in order", async () => {
  const audit = createAudit(store, () => 1_000);
  await audit.append({
    phase: "intent",
    actionId: "a-1",
    who,
    what: "action.force-gc",
    reason: "heap grows",
  });
  await audit.append({ phase: "event", who: null, what: "auth.sign-in-failed" });
  await audit.append({
    phase: "result",
    actionId: "a-1",
    who,
    what: "action.force-gc",
    outcome: { ok: true },
  });
  const records = await audit.byAction("a-1");
  expect(records.map((r) => r.phase)).toEqual(["intent", "result"]);
  expect(records[0]).toMatchObject({
    atMs: 1_000,
    who: "ana",
    role: "operator",
    reason: "heap grows",
    outcome: null,
  });
  expect(records[1]?.outcome).toEqual({ ok: true });
});

test("takes part in a transaction and goes with it", async () => {
  const audit = createAudit(store);
  const broken = store.transaction().execute(async (transaction) => {
    await audit.append({ phase: "event", who, what: "incident.change" }, transaction);
    throw new Error("changed my mind");
  });
  await expect(broken).rejects.toThrow("changed my mind");
  expect(await store.selectFrom("audit_records").selectAll().execute()).toEqual([]);
});

test("refuses to change and to delete records, also by SQL", async () => {
  const audit = createAudit(store);
  await audit.append({ phase: "event", who, what: "auth.sign-in" });
  await expect(sql`update audit_records set who = 'eve'`.execute(store)).rejects.toThrow("only appended");
  await expect(sql`delete from audit_records`.execute(store)).rejects.toThrow("only appended");
  await expect(
    sql`insert or replace into audit_records select * from audit_records`.execute(store),
  ).rejects.toThrow("only appended");
  expect(await store.selectFrom("audit_records").select("who").execute()).toEqual([{ who: "ana" }]);
});

test("shows which record was changed by someone who removed the triggers", async () => {
  const audit = createAudit(store);
  for (const what of ["auth.sign-in", "action.force-gc", "auth.sign-out"]) {
    await audit.append({ phase: "event", who, what });
  }
  expect(await audit.firstBroken()).toBeNull();
  await sql`drop trigger audit_refuses_update`.execute(store);
  await sql`update audit_records set who = 'eve' where id = 2`.execute(store);
  expect(await audit.firstBroken()).toBe(2);
});
