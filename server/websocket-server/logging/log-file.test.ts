import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../test-service";
import { LogFile } from "./log-file";
import { testFolder } from "./test-log-folder";

const folder = testFolder({ beforeEach, afterEach });
const shape = { maxBytes: 65_536, keep: 1_000, compress: true, retryAfterMs: 10, checkEveryMs: 0 };
const openLog = (options = {}) => new LogFile({ ...shape, file: join(folder.path, "s.log"), ...options });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("writes lines, and all of them are there after close", async () => {
  const log = openLog({ file: join(folder.path, "a/b.log") });
  for (let i = 0; i < 100; i++) log.write(`line ${i}`);
  await log.close();
  const lines = readFileSync(join(folder.path, "a/b.log"), "utf8").trimEnd().split("\n");
  expect(lines).toEqual(Array.from({ length: 100 }, (_, i) => `line ${i}`));
  expect(log.failedWrites).toBe(0);
});

test.each([true, false])(
  "through many rotations every line is there once and in order, compressed: %s",
  async (compress) => {
    const log = openLog({ compress });
    const total = 60_000;
    const sent = Array.from({ length: total }, (_, i) => `${i} ${"é".repeat(i % 90)}`);
    for (let i = 0; i < total; i++) {
      log.write(sent[i] as string);
      // Far more than 5,000 lines a second, and no more than the disk takes.
      if (i % 250 === 0) await turn();
      if (i % 5_000 === 0) await log.flushed(60_000);
      if (i % 20_000 === 10_000) await log.rotate();
    }
    await log.close();
    expect(log.lost).toBe(0);
    expect(log.rotations).toBeGreaterThan(50);
    expect(folder.lines("s")).toEqual(sent);
    expect(folder.names().every((name) => name === "s.log" || name.endsWith(compress ? ".gz" : ".log"))).toBe(
      true,
    );
  },
);

test("keeps so many rotated files and no more, those of an earlier process among them", async () => {
  for (const day of ["01", "02", "03"]) {
    const name = join(folder.path, `s-202611${day}T000000000Z.log`);
    if (day === "02") writeFileSync(name, "plain\n");
    else writeFileSync(`${name}.gz`, gzipSync("old\n"));
  }
  writeFileSync(join(folder.path, "s-other.log"), "not a rotated file\n");
  writeFileSync(join(folder.path, "s2-20261101T000000000Z.log"), "of another log\n");
  const log = openLog({ keep: 2 });
  log.write("new");
  const { rotated, removed, files } = await log.rotate();
  expect(rotated).toMatch(/^s-20\d{6}T\d{9}Z\.log\.gz$/);
  expect(files.map(({ name }) => name)).toEqual([rotated, "s-20261103T000000000Z.log.gz"]);
  await log.close();
  expect(removed).not.toContain(rotated);
  expect(folder.names()).toEqual(
    [...files.map(({ name }) => name), "s-other.log", "s.log", "s2-20261101T000000000Z.log"].sort(),
  );
});

test("a crash while compressing leaves every line once", async () => {
  writeFileSync(join(folder.path, "s-20261101T000000000Z.log"), "one\n");
  writeFileSync(join(folder.path, "s-20261101T000000000Z.log.gz"), gzipSync("one\n"));
  writeFileSync(join(folder.path, "s-20261102T000000000Z.log"), "two\n");
  writeFileSync(join(folder.path, "s-20261102T000000000Z.log.gz.tmp"), gzipSync("two\n").subarray(0, 12));
  const log = openLog();
  log.write("three");
  await log.close();
  expect(folder.lines("s")).toEqual(["one", "two", "three"]);
  expect(folder.names().filter((name) => !name.endsWith(".gz"))).toEqual(["s.log"]);
});

test("half a line of a process that died does not become part of the next", async () => {
  writeFileSync(join(folder.path, "s.log"), "whole\nhal");
  const log = openLog();
  log.write("next");
  await log.close();
  expect(folder.lines("s")).toEqual(["whole", "hal", "next"]);
});

test("rotates with the day, also what an earlier process left", async () => {
  const file = join(folder.path, "s.log");
  writeFileSync(file, "yesterday\n");
  const day = Date.parse("2026-11-20T12:00:00Z");
  utimesSync(file, day / 1_000, day / 1_000);
  let now = day + 86_400_000;
  const log = openLog({ now: () => now });
  log.write("today");
  await log.flushed();
  expect(readFileSync(file, "utf8")).toBe("today\n");
  now += 86_400_000;
  log.write("tomorrow");
  await log.close();
  expect(readFileSync(file, "utf8")).toBe("tomorrow\n");
  expect(folder.lines("s")).toEqual(["yesterday", "today", "tomorrow"]);
});

test("a clock that is set back keeps the order of files", async () => {
  let now = Date.parse("2026-11-20T12:00:00Z");
  const log = openLog({ now: () => now });
  for (let i = 0; i < 5; i++) {
    log.write(`line ${i}`);
    await log.rotate();
    now -= 3_600_000;
  }
  await log.close();
  expect(folder.lines("s")).toEqual(["line 0", "line 1", "line 2", "line 3", "line 4"]);
});

test("tells the bytes that pruning and compression gave back", async () => {
  writeFileSync(join(folder.path, "s-20261101T000000000Z.log.gz"), "x".repeat(5_000));
  const log = openLog({ keep: 1 });
  log.write("y".repeat(20_000));
  await log.flushed();
  const answer = await log.rotate();
  const [file] = answer.files;
  expect(answer.removed).toEqual(["s-20261101T000000000Z.log.gz"]);
  expect(answer.freed_bytes).toBe(5_000 + 20_001 - (file?.bytes ?? 0));
  expect((await log.rotate()).rotated).toBeNull();
  await log.close();
});

test.each(["removed", "moved", "its folder removed"])("opens a new file when it was %s", async (how) => {
  mkdirSync(join(folder.path, "in"));
  const file = join(folder.path, "in/s.log");
  const log = openLog({ file });
  log.write("before");
  await log.flushed();
  if (how === "removed") rmSync(file);
  else if (how === "moved") renameSync(file, join(folder.path, "s.log.1"));
  else rmSync(join(folder.path, "in"), { recursive: true });
  log.write("after");
  await log.close();
  expect(readFileSync(file, "utf8")).toBe("after\n");
  if (how === "moved") expect(readFileSync(join(folder.path, "s.log.1"), "utf8")).toBe("before\n");
});

test("learns of a file that was cut, as logrotate's copytruncate does", async () => {
  const log = openLog();
  log.write("x".repeat(60_000));
  await log.flushed();
  writeFileSync(join(folder.path, "s.log"), "");
  log.write("y".repeat(10_000));
  await log.flushed();
  expect(log.size).toBe(10_001);
  expect(log.rotations).toBe(0);
  await log.close();
});

test("rotates where a symbolic link leads, and leaves the link", async () => {
  mkdirSync(join(folder.path, "disk"));
  symlinkSync(join(folder.path, "disk/s.log"), join(folder.path, "s.log"));
  const log = openLog();
  log.write("one");
  await log.rotate();
  log.write("two");
  await log.close();
  expect(folder.lines("s")).toEqual(["two"]);
  expect(existsSync(join(folder.path, "disk/s.log"))).toBe(true);
  expect(log.rotations).toBe(1);
});

test("counts what it can't write, keeps it, and writes it once it can", async () => {
  const blocked = join(folder.path, "logs");
  writeFileSync(blocked, "in the way");
  const told: [number, number][] = [];
  const log = openLog({
    file: join(blocked, "b.log"),
    onRecovered: (...counts: [number, number]) => told.push(counts),
  });
  log.write("first");
  await until(() => log.failing);
  log.write("second");
  expect(log.failedWrites).toBe(2);
  expect(log.size).toBeNull();
  await expect(log.rotate()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  rmSync(blocked);
  await until(() => !log.failing);
  await log.close();
  expect(readFileSync(join(blocked, "b.log"), "utf8")).toBe("first\nsecond\n");
  expect(told).toEqual([[0, 2]]);
});

test("a file that nobody can make, or that is no file, is counted as well", async () => {
  // recursive mkdir of Node 20 never returns from here
  for (const file of ["/proc/wirewatch/logs/b.log", folder.path]) {
    const log = openLog({ file });
    log.write("lost");
    await until(() => log.failing);
    await log.close();
    expect(log.lost).toBe(1);
  }
});

test("what waits for a failing disk is bounded, and the hole is told in its place", async () => {
  const blocked = join(folder.path, "logs");
  writeFileSync(blocked, "in the way");
  const log: LogFile = openLog({
    file: join(blocked, "b.log"),
    onRecovered: (lost: number) => log.write(`${lost} lines lost`),
  });
  const line = "x".repeat(999);
  for (let i = 0; i < 6_000; i++) log.write(`${line}${i}`);
  const { lost } = log;
  expect(lost).toBeGreaterThan(1_700);
  rmSync(blocked);
  await until(() => !log.failing && (log.size ?? 0) > 0);
  log.write("after");
  await log.close();
  const all = folder.lines("b", "logs");
  expect(all.slice(-2)).toEqual([`${lost} lines lost`, "after"]);
  expect(all.slice(0, -2)).toEqual(Array.from({ length: 6_000 - lost }, (_, i) => `${line}${i}`));
});
