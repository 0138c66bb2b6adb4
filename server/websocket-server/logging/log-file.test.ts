import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../test-service";
import { LogFile } from "./log-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const shape = { maxBytes: 65_536, keep: 2, compress: true, retryAfterMs: 10 };

test("writes lines, and all of them are there after close", async () => {
  const log = new LogFile({ ...shape, file: join(folder, "a/b.log") });
  for (let i = 0; i < 100; i++) log.write(`line ${i}`);
  await log.close();
  const lines = readFileSync(join(folder, "a/b.log"), "utf8").trimEnd().split("\n");
  expect(lines).toEqual(Array.from({ length: 100 }, (_, i) => `line ${i}`));
  expect(log.failedWrites).toBe(0);
});

test("counts what it can't write, and comes back once it can", async () => {
  const blocked = join(folder, "logs");
  writeFileSync(blocked, "in the way");
  const log = new LogFile({ ...shape, file: join(blocked, "b.log") });
  log.write("lost");
  expect(log.failedWrites).toBe(1);
  expect(log.size()).toBeNull();
  rmSync(blocked);
  await until(() => {
    log.write("kept");
    return (
      existsSync(join(blocked, "b.log")) && readFileSync(join(blocked, "b.log"), "utf8").includes("kept")
    );
  });
  await log.close();
  expect(readFileSync(join(blocked, "b.log"), "utf8")).not.toContain("lost");
});

test("a folder that nobody can make is counted as well", async () => {
  // recursive mkdir of Node 20 never returns from here
  const log = new LogFile({ ...shape, file: "/proc/wirewatch/logs/b.log" });
  log.write("lost");
  expect(log.failedWrites).toBe(1);
  await log.close();
});

test("rotates by size, compresses, and keeps no more than it should", async () => {
  const log = new LogFile({ ...shape, file: join(folder, "c.log") });
  const line = "x".repeat(1_000);
  await until(() => {
    for (let i = 0; i < 20; i++) log.write(line);
    return readdirSync(folder).filter((name) => name.endsWith(".gz")).length >= 2;
  });
  for (let i = 0; i < 200; i++) {
    log.write(line);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await log.close();
  expect(readdirSync(folder).filter((name) => name.endsWith(".gz")).length).toBeLessThanOrEqual(3);
  expect(log.failedWrites).toBe(0);
});
