import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestService, until } from "../test-service";
import { LogFile } from "./log-file";
import { testFolder } from "./test-log-folder";
import { mountSmall, unmount } from "./test-small-disk";

const folder = testFolder({ beforeEach, afterEach });

/** Takes what is left, to the last byte. */
function fill(path: string): void {
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) writeFileSync(path, "x".repeat(size), { flag: "a" });
    } catch {}
  }
}

test("a full disk: whole lines only, what is lost is told, and it comes back by itself", async (context) => {
  const disk = join(folder.path, "disk");
  if (!mountSmall(disk)) return context.skip("no right to mount a file system; /dev/full is tried below");
  try {
    const log: LogFile = new LogFile({
      file: join(disk, "s.log"),
      maxBytes: 10_000_000,
      keep: 5,
      compress: true,
      retryAfterMs: 10,
      onRecovered: (lost) => log.write(`${lost} lines lost`),
    });
    writeFileSync(join(disk, "other"), "x".repeat(65_536));
    const line = (i: number) => `${i} ${"x".repeat(600)}`;
    let sent = 0;
    await until(() => {
      log.write(line(sent++));
      return log.failing;
    });
    const inFile = readFileSync(join(disk, "s.log"), "utf8");
    expect(inFile.endsWith("\n")).toBe(true);
    while (log.lost < 100) log.write(line(sent++));
    expect(log.failedWrites).toBeGreaterThan(100);
    expect(log.lastFailedWriteAtMs).not.toBeNull();
    const { lost } = log;
    // What waits is more than the disk holds: it gets room.
    execFileSync("mount", ["-o", "remount,size=16m", disk]);
    await until(() => !log.failing);
    log.write("after");
    await log.close();
    expect(log.lost).toBe(lost);
    expect(folder.lines("s", "disk")).toEqual([
      ...Array.from({ length: sent - lost }, (_, i) => line(i)),
      `${lost} lines lost`,
      "after",
    ]);
  } finally {
    unmount(disk);
  }
});

test("a disk too full to compress keeps the plain file, and compresses once there is room", async (context) => {
  const disk = join(folder.path, "disk");
  if (!mountSmall(disk)) return context.skip("no right to mount a file system");
  try {
    const troubles: string[] = [];
    const log = new LogFile({
      file: join(disk, "s.log"),
      maxBytes: 10_000_000,
      keep: 5,
      compress: true,
      onTrouble: (what) => troubles.push(what),
    });
    log.write("one");
    await log.flushed();
    fill(join(disk, "other"));
    const { rotated } = await log.rotate();
    expect(rotated).toMatch(/Z\.log$/);
    expect(troubles).toEqual(["rotated logs can't be compressed or removed"]);
    rmSync(join(disk, "other"));
    log.write("two");
    expect((await log.rotate()).files.map(({ name }) => name.endsWith(".gz"))).toEqual([true, true]);
    await log.close();
    expect(folder.lines("s", "disk")).toEqual(["one", "two"]);
  } finally {
    unmount(disk);
  }
});

test("a device that is always full costs the log and nothing else", async () => {
  // The kernel answers ENOSPC to every write.
  const file = join(folder.path, "s.log");
  symlinkSync("/dev/full", file);
  const service = await startTestService({ LOG_FILE: file });
  try {
    const client = await service.client();
    await until(() => service.stats().logs.failed_writes_total > 0);
    expect(service.stats().logs.last_failed_write_at_ms).not.toBeNull();
    const response = await fetch(`${service.adminUrl}/admin/logs?q=connection%20opened`);
    const answer = (await response.json()) as { from: string; lines: unknown[] };
    expect(answer.from).toBe("memory");
    expect(answer.lines).toHaveLength(1);
    client.socket?.terminate();
  } finally {
    await service.end();
  }
});
