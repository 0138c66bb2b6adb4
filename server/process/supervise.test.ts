import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { until } from "../testing/until";
import { createBackOff } from "./back-off.mjs";
import { EarlyExit, supervise } from "./supervise.mjs";

type Program = ReturnType<typeof supervise>;

const folder = mkdtempSync(join(tmpdir(), "supervise-"));
const started: Program[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((program) => program.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let scripts = 0;

function run(source: string, more: { firstMs?: number; stopTimeoutMs?: number; cwd?: string } = {}) {
  scripts += 1;
  const script = join(folder, `program-${scripts}.mjs`);
  writeFileSync(script, source);
  const said: string[] = [];
  const printed: string[] = [];
  const program = supervise({
    name: "stand-in",
    script,
    env: process.env,
    cwd: more.cwd ?? folder,
    say: (line: string) => said.push(line),
    onLine: (line: string) => printed.push(line),
    stopTimeoutMs: more.stopTimeoutMs ?? 5_000,
    backOff: { firstMs: more.firstMs ?? 20, maxMs: 100, healthyMs: 60_000 },
  });
  started.push(program);
  return { program, said, printed };
}

const goesOn = `process.send({ type: "ready", pid: process.pid }); setInterval(() => {}, 1000);`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a program killed with -9 comes back under a new pid", async () => {
  const { program, said } = run(goesOn);
  const { pid } = await program.ready;
  process.kill(pid, "SIGKILL");
  const next = await until(
    "a new pid",
    () => program.pid() !== null && program.pid() !== pid && program.pid(),
  );
  await until("word of it", () => said.length === 2);
  expect(isAlive(next)).toBe(true);
  expect(said).toEqual([
    "stand-in was ended by SIGKILL; starting it again in 0.02 s",
    `stand-in is back (pid ${next})`,
  ]);
});

test("a program that keeps dying is started again and again, later each time", async () => {
  const { program, said } = run(`process.send({ type: "ready" }, () => process.exit(3));`);
  await program.ready;
  const restarts = () => said.filter((line) => line.includes("code 3"));
  await until("four deaths", () => restarts().length >= 4);
  expect(restarts().slice(0, 4)).toEqual(
    ["0.02", "0.04", "0.08", "0.1"].map((s) => `stand-in ended with code 3; starting it again in ${s} s`),
  );
});

test("a program that ends before it is ready is not started again, and its code and words are kept", async () => {
  const { program, printed, said } = run(`console.error("Port 1 is in use"); process.exitCode = 1;`);
  const error = await program.ready.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EarlyExit);
  expect(error).toMatchObject({ exitCode: 1, saidWhy: true });
  expect(printed).toEqual(["Port 1 is in use"]);
  expect(program.pid()).toBeNull();
  expect(said).toEqual([]);
});

test("a program that can't be started at all says why", async () => {
  const { program, said } = run(goesOn, { cwd: join(folder, "nowhere") });
  await expect(program.ready).rejects.toBeInstanceOf(EarlyExit);
  expect(said).toEqual([expect.stringMatching(/^stand-in could not be started: .*ENOENT/)]);
});

test("a program whose configuration turned wrong is left alone", async () => {
  const { program, said } = run(`process.send({ type: "ready" }, () => process.exit(78));`);
  await program.ready;
  await until("word of it", () => said.length > 0);
  expect(said).toEqual([
    "stand-in ended with code 78: its configuration is wrong, so it is not started again",
  ]);
  expect(program.pid()).toBeNull();
});

test("a program that ignores SIGTERM is gone when stop resolves", async () => {
  const { program, said } = run(`process.on("SIGTERM", () => {}); ${goesOn}`, { stopTimeoutMs: 100 });
  const { pid } = await program.ready;
  await program.stop();
  expect(isAlive(pid)).toBe(false);
  expect(said).toEqual(["stand-in did not end within 0.1 s and is killed"]);
});

test("stopping while a restart is due starts nothing", async () => {
  const { program, said } = run(`process.send({ type: "ready" }, () => process.exit(1));`, {
    firstMs: 60_000,
  });
  await program.ready;
  await until("the death", () => said.length === 1);
  await program.stop();
  expect(program.pid()).toBeNull();
});

test("a program can tell by its IPC channel that its supervisor was killed with -9", async () => {
  const pidLine = /^(\d+)$/;
  const supervisor = join(folder, "supervisor.mjs");
  const child = join(folder, "child.mjs");
  writeFileSync(child, `process.on("disconnect", () => process.exit(0)); ${goesOn}`);
  const module = new URL("./supervise.mjs", import.meta.url).href;
  writeFileSync(
    supervisor,
    `import { supervise } from ${JSON.stringify(module)};
    const program = supervise({ name: "child", script: ${JSON.stringify(child)}, env: process.env, cwd: ".",
      say() {}, onLine() {}, stopTimeoutMs: 1000 });
    console.log((await program.ready).pid);
    process.send({ type: "ready" });`,
  );
  const { program: outer, printed } = run(`await import(${JSON.stringify(supervisor)}); ${goesOn}`);
  await outer.ready;
  const pid = Number(await until("the child's pid", () => printed.find((line) => pidLine.test(line))));
  expect(isAlive(pid)).toBe(true);
  process.kill(outer.pid() as number, "SIGKILL");
  await until("the child's end", () => !isAlive(pid));
});

test("the back-off doubles up to its bound and starts over after a healthy time", () => {
  const next = createBackOff({ firstMs: 500, maxMs: 30_000, healthyMs: 60_000 });
  const short = Array.from({ length: 8 }, () => next(1_000));
  expect(short).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(next(60_000)).toBe(500);
  expect(next(59_999)).toBe(1_000);
});
