import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAudit } from "../audit/audit";
import { openStore } from "./open-store";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wirewatch-store-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("keeps every acknowledged row when its process is killed with -9", async () => {
  const acknowledged = await startWriter((writer, rows) => {
    if (rows === 200) writer.kill("SIGKILL");
  });
  const store = await openStore(folder);
  const kept = new Set(
    (await store.selectFrom("audit_records").select("target").execute()).map((r) => r.target),
  );
  const lost = Array.from({ length: acknowledged }, (_, i) => String(i)).filter((n) => !kept.has(n));
  expect(lost).toEqual([]);
  expect(await createAudit(store).firstBroken()).toBeNull();
  await store.destroy();
});

test("lets another process write at the same time", async () => {
  const store = await openStore(folder);
  const audit = createAudit(store);
  const mine: Promise<unknown>[] = [];
  const theirs = await startWriter((writer, rows) => {
    mine.push(audit.append({ phase: "event", who: null, what: "test.mine" }));
    if (rows === 20) writer.kill("SIGKILL");
  });
  await Promise.all(mine);
  const records = await store.selectFrom("audit_records").select("what").execute();
  expect(records.filter((r) => r.what === "test.mine")).toHaveLength(mine.length);
  expect(records.length).toBeGreaterThanOrEqual(mine.length + theirs);
  expect(await audit.firstBroken()).toBeNull();
  await store.destroy();
});

/** Runs a writer until it is killed; resolves with how many rows it had acknowledged by then. */
async function startWriter(onRow: (writer: ChildProcess, rows: number) => void): Promise<number> {
  const bundle = join(import.meta.dirname, `writer.${process.pid}.test-bundle.mjs`);
  try {
    await build({
      entryPoints: [join(import.meta.dirname, "store-writer.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "silent",
    });
    const writer = fork(bundle, [folder], { execArgv: [] });
    return await new Promise((resolve, reject) => {
      let rows = 0;
      writer.on("message", () => {
        rows += 1;
        onRow(writer, rows);
      });
      writer.on("error", reject);
      writer.on("close", (_code, signal) => {
        if (signal === "SIGKILL") resolve(rows);
        else reject(new Error(`the writer ended by itself after ${rows} rows`));
      });
    });
  } finally {
    rmSync(bundle, { force: true });
  }
}

test("opens what it wrote before, with migrations run once", async () => {
  const first = await openStore(folder);
  await createAudit(first).append({ phase: "event", who: null, what: "auth.sign-in-failed" });
  await first.destroy();
  const second = await openStore(folder);
  expect(await second.selectFrom("audit_records").select("what").execute()).toHaveLength(1);
  await second.destroy();
});

test("keeps its file from other people of the machine", async () => {
  const store = await openStore(join(folder, "made", "for it"));
  expect(statSync(join(folder, "made", "for it", "wirewatch.db")).mode & 0o077).toBe(0);
  expect(statSync(join(folder, "made", "for it")).mode & 0o077).toBe(0);
  await store.destroy();
});

test("refuses a file from a newer version by name", async () => {
  const store = await openStore(folder);
  await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', 'x')`.execute(
    store,
  );
  await store.destroy();
  await expect(openStore(folder)).rejects.toThrow(/newer version.*9999-from-the-future/);
});

test("refuses a file that is no database", async () => {
  writeFileSync(
    join(folder, "wirewatch.db"),
    "this is not a database, it only lies where one should be\n".repeat(100),
  );
  await expect(openStore(folder)).rejects.toThrow(/can't (use|open) the store/);
});

test("names the data folder that can't be written", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  await expect(openStore(file)).rejects.toThrow(`can't write to the data folder ${file}`);
  await expect(openStore(join(file, "below"))).rejects.toThrow("can't write to the data folder");
  await expect(openStore("/proc/wirewatch")).rejects.toThrow(
    "can't write to the data folder /proc/wirewatch",
  );
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  await expect(openStore(folder)).rejects.toThrow(/EACCES.*WIREWATCH_DATA_DIR/);
  chmodSync(folder, 0o700);
});
