import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAudit } from "../audit/audit";
import type { Store } from "../storage/database";
import { openStore } from "../storage/open-store";
import { ensureAdmin } from "./first-admin";
import { keptSecret } from "./kept-secret";
import { createUsers } from "./users";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wirewatch-admin-"));
  store = await openStore(folder);
});
afterEach(async () => {
  await store.destroy();
  rmSync(folder, { recursive: true });
});
const ensure = (password: string | null, name = "admin") =>
  ensureAdmin(store, createAudit(store), { name, password });
const canSignIn = async (password: string) =>
  (await createUsers(store).verify("admin", password))?.role ?? null;

test("makes a password up at the first start alone", async () => {
  const generated = await ensure(null);
  expect(generated).toMatch(/^(\w{5}-){3}\w{5}$/);
  expect(await canSignIn(generated ?? "")).toBe("admin");
  expect(await ensure(null)).toBeNull();
  expect(await ensure(null, "somebody-else")).toBeNull();
  expect(await canSignIn(generated ?? "")).toBe("admin");
});

test("a password that is set always is the password", async () => {
  expect(await ensure("first one")).toBeNull();
  expect(await canSignIn("first one")).toBe("admin");
  await ensure("second one");
  expect([await canSignIn("first one"), await canSignIn("second one")]).toEqual([null, "admin"]);
});

test("the named administrator is one again after a demotion", async () => {
  await ensure("first one");
  await createUsers(store).setRole("admin", "viewer");
  await ensure("first one");
  expect(await canSignIn("first one")).toBe("admin");
});

test("keeps the secret across starts, for its owner alone", () => {
  const secret = keptSecret(folder);
  expect(secret.length).toBeGreaterThanOrEqual(32);
  expect(keptSecret(folder)).toBe(secret);
  expect(statSync(join(folder, "nextauth-secret")).mode & 0o777).toBe(0o600);
});

test("refuses a secret that was cut", () => {
  writeFileSync(join(folder, "nextauth-secret"), "");
  expect(() => keptSecret(folder)).toThrow("nextauth-secret holds no whole secret");
});
