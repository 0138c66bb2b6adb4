import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StandardOutput } from "./standard-output";
import { testFolder } from "./test-log-folder";
import { mountSmall, unmount } from "./test-small-disk";

const folder = testFolder({ beforeEach, afterEach });

/** Takes nothing until `open` is called, as a full pipe does. */
function stuckStream() {
  const taken: string[] = [];
  let release: (() => void) | null = null;
  let stuck = true;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.toString());
      if (stuck) release = done;
      else done();
    },
  });
  return {
    stream,
    taken,
    open() {
      stuck = false;
      release?.();
    },
  };
}

test("a reader that does not read loses lines, not memory, and is told", async () => {
  const { stream, taken, open } = stuckStream();
  const out = new StandardOutput(stream);
  for (let i = 0; i < 10_000; i++) out.write(`${i} ${"x".repeat(200)}\n`, 1);
  expect(stream.writableLength).toBeLessThan(300_000);
  expect(out.lost).toBeGreaterThan(8_000);
  const { lost } = out;
  open();
  if (stream.writableLength > 0) await once(stream, "drain");
  out.write("again\n", 1);
  expect(taken.at(-1)).toMatch(new RegExp(`WARN  standard output takes lines again, ${lost} lines lost`));
  expect(taken.at(-1)).toMatch(/\nagain\n$/);
});

test("a pipe that was closed is given up", async () => {
  const child = spawn("true", { stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "exit");
  const stdin = child.stdin;
  const out = new StandardOutput(stdin);
  const failed = once(stdin, "close");
  out.write("nobody reads this\n", 1);
  await failed;
  out.write("nor this\n", 1);
  expect(out.lost).toBeGreaterThan(0);
  expect(stdin.writableLength).toBe(0);
});

test("a file on a full disk keeps whole lines and is told how many it lost", (context) => {
  const disk = join(folder.path, "disk");
  if (!mountSmall(disk)) return context.skip("no right to mount a file system");
  const file = join(disk, "out.log");
  const fd = openSync(file, "a");
  try {
    const out = new StandardOutput(Object.assign(new PassThrough(), { fd }));
    const text = Array.from({ length: 1_000 }, (_, i) => `${i} ${"x".repeat(200)}\n`).join("");
    out.write(text, 1_000);
    const kept = readFileSync(file, "utf8").split("\n").length - 1;
    expect(out.lost).toBe(1_000 - kept);
    expect(kept).toBeGreaterThan(100);
    truncateSync(file, 1_000);
    out.write("again\n", 1);
    expect(readFileSync(file, "utf8")).toMatch(
      new RegExp(`\n.* standard output takes lines again, ${1_000 - kept} lines lost.*\nagain\n$`),
    );
    expect(out.lost).toBe(1_000 - kept);
  } finally {
    closeSync(fd);
    unmount(disk);
  }
});

test("a closed log leaves no listener behind", () => {
  const stream = new PassThrough();
  const before = stream.listenerCount("error");
  new StandardOutput(stream).close();
  expect(stream.listenerCount("error")).toBe(before);
});
