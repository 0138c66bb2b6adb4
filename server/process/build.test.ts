import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { withBuildLock } from "./build-lock.mjs";
import { sourceHash } from "./build-stamp.mjs";

const folder = mkdtempSync(join(tmpdir(), "build-"));
const sources = ["lib", "package-lock.json"];
const hash = () => sourceHash(folder, sources);
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "lib/inner"), { recursive: true });
  write("lib/a.ts", "a");
  write("lib/inner/b.ts", "b");
  write("package-lock.json", "{}");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["a changed source", () => write("lib/inner/b.ts", "c")],
  ["a new source", () => write("lib/c.ts", "")],
  ["a renamed source", () => renameSync(join(folder, "lib/a.ts"), join(folder, "lib/z.ts"))],
  ["a source that is gone", () => rmSync(join(folder, "lib/a.ts"))],
  ["a changed lock file", () => write("package-lock.json", "{ }")],
])("%s makes a build stale", (_, change) => {
  const before = hash();
  change();
  expect(hash()).not.toBe(before);
});

test("a changed test, a touched file and a change elsewhere do not", () => {
  const before = hash();
  write("lib/a.test.ts", "a test");
  write("lib/a.ts", "a");
  write("elsewhere.ts", "");
  expect(hash()).toBe(before);
});

test("two builds never run at once", async () => {
  const file = join(folder, "dist/.lock");
  const events: string[] = [];
  let finishFirst = () => {};
  const first = withBuildLock(file, async () => {
    events.push("first begins");
    await new Promise<void>((resolve) => (finishFirst = resolve));
    events.push("first ends");
  });
  const second = withBuildLock(file, async () => events.push("second"), {
    onWait: () => {
      events.push("second waits");
      finishFirst();
    },
  });
  await Promise.all([first, second]);
  expect(events).toEqual(["first begins", "second waits", "first ends", "second"]);
});

test("a build that fails gives its lock back", async () => {
  const file = join(folder, "dist/.lock");
  await expect(withBuildLock(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await withBuildLock(file, async () => "done")).toBe("done");
});

test("the lock of a process that was killed is taken over", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.once("exit", resolve));
  const file = join(folder, "dist/.lock");
  mkdirSync(join(folder, "dist"));
  writeFileSync(file, String(child.pid));
  expect(await withBuildLock(file, async () => readFileSync(file, "utf8"))).toBe(String(process.pid));
});
