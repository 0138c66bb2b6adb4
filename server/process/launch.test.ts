import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../testing/until";
import { ensureBuilt } from "./build.mjs";
import { freePorts } from "./ports.mjs";

const launcher = fileURLToPath(new URL("../start.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "launch-"));
const running: ChildProcess[] = [];

beforeAll(() => ensureBuilt(), 300_000);
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await until("the launcher's end", () => child.exitCode !== null || child.signalCode !== null, 20_000);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Launch {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  exited: Promise<number | null>;
}

let launches = 0;

async function launch(part: string, settings: Record<string, string> = {}): Promise<Launch> {
  launches += 1;
  const dataDir = join(folder, `data-${launches}`);
  const [port, websocketPort, adminPort] = await freePorts(3);
  const child = spawn(process.execPath, [launcher, part], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      WEBSOCKET_PORT: String(websocketPort),
      WEBSOCKET_ADMIN_PORT: String(adminPort),
      WIREWATCH_DATA_DIR: dataDir,
      LOG_FILE: join(dataDir, "websocket-server.log"),
      ...settings,
    },
  });
  running.push(child);
  const texts = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, out: () => texts.out, err: () => texts.err, exited };
}

async function open(part = "start", settings: Record<string, string> = {}) {
  const launched = await launch(part, settings);
  const url = await until(
    "the console's address",
    () => {
      if (launched.child.exitCode !== null) throw new Error(`it ended: ${launched.err()}`);
      return /open at (http:\S+)[\s\S]*Ctrl-C/.exec(launched.out())?.[1];
    },
    30_000,
  );
  return { ...launched, url };
}

/** Processes that a launcher has started, by what they run. */
function childrenOf(parent: ChildProcess) {
  const rows = execFileSync("ps", ["-Ao", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const found = rows.flatMap((row) => {
    const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return Number(ppid) === parent.pid ? [{ pid: Number(pid), args: args ?? "" }] : [];
  });
  return {
    pids: found.map(({ pid }) => pid),
    service: found.find(({ args }) => args.startsWith("websocket-server"))?.pid,
    console: found.find(({ args }) => args.includes("console"))?.pid,
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a service killed with -9 comes back while the console goes on; SIGTERM leaves no process", async () => {
  const { child, url, err, exited } = await open();
  const before = childrenOf(child);
  expect(before.pids).toHaveLength(2);
  process.kill(before.service ?? 0, "SIGKILL");
  const service = await until("a new service", () => {
    const found = childrenOf(child).service;
    return found !== undefined && found !== before.service && found;
  });
  await until("word of it", () => err().includes(`websocket-server is back (pid ${service})`));
  expect(err()).toContain("websocket-server was ended by SIGKILL; starting it again in 1 s");
  expect(childrenOf(child).console).toBe(before.console);
  expect((await fetch(url, { redirect: "manual" })).status).toBeLessThan(500);

  const pids = childrenOf(child).pids;
  child.kill("SIGTERM");
  // Ctrl-C reaches the group and npm passes it on: the same stop may be asked for twice
  child.kill("SIGINT");
  expect(await exited).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
}, 90_000);

test("the first start says where to sign in and with what, a later one never repeats the password", async () => {
  const dataDir = join(folder, "kept");
  const first = await open("start", { WIREWATCH_DATA_DIR: dataDir });
  expect(first.out()).toMatch(/sign in +admin \/ \S{12,} /);
  expect(first.out()).toContain(`data       ${dataDir}`);
  first.child.kill("SIGTERM");
  await first.exited;
  const second = await open("start", { WIREWATCH_DATA_DIR: dataDir });
  expect(second.out()).toMatch(/sign in +admin, with the password of the first start/);
}, 90_000);

test("a launcher killed with -9 leaves no process behind", async () => {
  const { child } = await open();
  const { pids } = childrenOf(child);
  expect(pids).toHaveLength(2);
  child.kill("SIGKILL");
  await until("the children's end", () => !pids.some(isAlive), 20_000);
}, 90_000);

test("a named fleet starts the console alone", async () => {
  const file = join(folder, "fleet.yaml");
  writeFileSync(file, "servers:\n  - id: far\n    admin_url: http://127.0.0.1:9\n");
  // relative: from where the command was typed
  const { child } = await open("start", { WIREWATCH_FLEET: "fleet.yaml" });
  const children = childrenOf(child);
  expect(children.pids).toEqual([children.console]);
}, 90_000);

test.each(["PORT", "WEBSOCKET_PORT", "WEBSOCKET_ADMIN_PORT"])(
  "a busy %s gives one line that names it, and exit code 1",
  async (variable) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const { err, exited } = await launch("start", { [variable]: String(port) });
    expect(await exited).toBe(1);
    expect(err()).toBe(`Port ${port} is in use: set ${variable} to another one\n`);
    await new Promise((resolve) => holder.close(resolve));
  },
  60_000,
);

test.each([
  [
    "a data folder that is a file",
    { WIREWATCH_DATA_DIR: launcher },
    1,
    /^Cannot write to the data folder .+ WIREWATCH_DATA_DIR .+\n$/,
  ],
  // a kind of folder from which Node's own recursive mkdir never returns
  [
    "a data folder below /proc",
    { WIREWATCH_DATA_DIR: "/proc/wirewatch/data" },
    1,
    /^Cannot write to the data folder .+ WIREWATCH_DATA_DIR .+\n$/,
  ],
  ["a port that is no number", { PORT: "http" }, 78, /^PORT has to be a port number .+\n$/],
  ["a wrong poll interval", { WIREWATCH_POLL_INTERVAL_MS: "fast" }, 78, /^WIREWATCH_POLL_INTERVAL_MS .+\n$/],
  ["a wrong setting of the service", { MAX_CONNECTIONS: "-1" }, 78, /^.*MAX_CONNECTIONS.*\n$/],
  [
    "a service configuration that is no YAML",
    { WEBSOCKET_CONFIG: "broken.yaml" },
    78,
    /^.*broken\.yaml.*\n$/,
  ],
])(
  "%s ends the start with one line",
  async (_, settings, code, line) => {
    writeFileSync(join(folder, "broken.yaml"), "heartbeat: [1");
    const { child, err, exited } = await launch("start", settings);
    expect(await exited).toBe(code);
    expect(err()).toMatch(line);
    expect(childrenOf(child).pids).toEqual([]);
  },
  60_000,
);

test("the service alone is one process that logs to the terminal and to its file", async () => {
  const log = join(folder, "alone.log");
  const { child, out, exited } = await launch("websocket-server", { LOG_FILE: log });
  await until("its first log line", () => / INFO /.test(out()), 30_000);
  expect(childrenOf(child).pids).toEqual([]);
  const title = execFileSync("ps", ["-o", "args=", "-p", String(child.pid)], { encoding: "utf8" });
  expect(title).toMatch(/^websocket-server/);
  child.kill("SIGTERM");
  expect(await exited).toBe(0);
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(1);
  expect(out()).toContain(lines.join("\n"));
}, 60_000);
