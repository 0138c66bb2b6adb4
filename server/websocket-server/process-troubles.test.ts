import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { Connection, Health, Stats } from "../../lib/contract/service-api";
import { serviceLauncher } from "./test-launched-service";
import { until } from "./test-service";

const launcher = serviceLauncher();

interface Ports {
  websocketPort: number;
  adminPort: number;
}

const json = async <T>({ adminPort }: Ports, path: string, init?: RequestInit) =>
  (await (await fetch(`http://127.0.0.1:${adminPort}${path}`, init)).json()) as T;
const stats = (ports: Ports) => json<Stats>(ports, "/stats");
const logText = () => readFileSync(join(launcher.folder, "logs/websocket-server.log"), "utf8");

/** `count` clients at once; resolves with those that got in and why the others did not. */
async function connectMany({ websocketPort }: Ports, count: number) {
  const refused = new Map<string, number>();
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${websocketPort}/`);
      socket.on("error", (error) => refused.set(error.message, (refused.get(error.message) ?? 0) + 1));
      await Promise.race([once(socket, "open"), once(socket, "close")]).catch(() => undefined);
      return socket;
    }),
  );
  return { open: sockets.filter((socket) => socket.readyState === WebSocket.OPEN), refused };
}

test.skipIf(process.platform !== "linux")(
  "too few file descriptors: it refuses and says why, /health and the log go on, and it recovers",
  async () => {
    const { ready } = await launcher.launchReady({}, { before: "ulimit -n 256" });
    const { open, refused } = await connectMany(ready, 400);
    expect(open.length).toBe(192);
    expect([...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(208);
    const health = await json<Health>(ready, "/health");
    expect(health.checks.find(({ name }) => name === "connections")).toEqual({
      name: "connections",
      status: "warn",
      message:
        "192 of 192 connections are open that the limit of open files leaves room for (connections.max is 10000)",
    });
    expect((await stats(ready)).connections).toMatchObject({
      active_connections: 192,
      refused_total: 208,
      refused_by_reason: { TOO_MANY_OPEN_FILES: 208 },
    });
    await until(() => logText().includes("ERROR Too many open files sockets=192 limit=256"));
    // Late ones have time to hear the reason.
    const late = await connectMany(ready, 1);
    expect([...late.refused.keys()]).toEqual(["Unexpected server response: 503"]);
    for (const socket of open) socket.terminate();
    await until(async () => (await stats(ready)).connections.active_connections === 0);
    expect((await connectMany(ready, 150)).refused.size).toBe(0);
    expect(logText().match(/Too many open files/g)).toHaveLength(1);
    expect(logText()).toContain("open files are well below the limit again");
  },
);

test("SIGTERM with 2,000 clients: each gets a goodbye and 1001 in time, and nothing is left", async () => {
  const { child, ready, ended } = await launcher.launchReady({ WEBSOCKET_SHUTDOWN_TIMEOUT: "10" });
  const { open } = await connectMany(ready, 2_000);
  expect(open).toHaveLength(2_000);
  let goodbyes = 0;
  const codes = Promise.all(
    open.map(async (socket) => {
      socket.on("message", (data) => {
        if (String(data).startsWith('{"op":"goodbye"')) goodbyes++;
      });
      return (await once(socket, "close"))[0] as number;
    }),
  );
  child.kill("SIGTERM");
  expect(new Set(await codes)).toEqual(new Set([1001]));
  expect(goodbyes).toBe(2_000);
  expect(await ended).toBe(0);
  expect(logText()).toMatch(/ INFO {2}draining connections=2000\n[\s\S]* INFO {2}stopped connections=0\n/);
  expect(logText().match(/connection closed .* side=server code=1001 /g)).toHaveLength(2_000);
});

test.skipIf(process.platform === "win32")(
  "SIGSTOP and SIGCONT: whoever waited for it is served on, and nobody is dropped for its own silence",
  async () => {
    const { child, ready } = await launcher.launchReady({
      HEARTBEAT_INTERVAL: "0.2",
      PING_TIMEOUT: "0.2",
      WEBSOCKET_PUBLISH_ALLOW: "*",
    });
    const { open } = await connectMany(ready, 20);
    const pings = new Map(open.map((socket) => [socket, 0]));
    for (const socket of open) socket.on("ping", () => pings.set(socket, (pings.get(socket) ?? 0) + 1));
    await until(() => [...pings.values()].every((count) => count > 0));
    child.kill("SIGSTOP");
    const stoppedAt = performance.now();
    await until(() => performance.now() - stoppedAt > 1_000);
    child.kill("SIGCONT");
    const before = new Map(pings);
    await until(() => open.every((socket) => (pings.get(socket) ?? 0) > (before.get(socket) ?? 0) + 1));
    const { connections } = await stats(ready);
    expect(connections).toMatchObject({
      active_connections: 20,
      closed_total: 0,
      heartbeat_timeouts_total: 0,
    });
  },
);

const fakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

test.skipIf(!existsSync(fakeTime)).each([
  ["ahead", 86_400],
  ["behind", -86_400],
])(
  "a clock that is set a day %s drops nobody and makes nobody idle (needs libfaketime)",
  async (_, seconds) => {
    // The wall clock alone: the monotonic one is nobody's to set.
    const before = `export LD_PRELOAD=${fakeTime} FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1
      export FAKETIME_TIMESTAMP_FILE="$PWD/clock"; echo +0 > clock`;
    const env = { HEARTBEAT_INTERVAL: "0.5", PING_TIMEOUT: "2" };
    const { ready } = await launcher.launchReady(env, { before });
    const { open } = await connectMany(ready, 10);
    const first = await stats(ready);
    writeFileSync(join(launcher.folder, "clock"), `${seconds > 0 ? "+" : ""}${seconds}\n`);
    const second = await until(async () => {
      const now = await stats(ready);
      return Math.abs(now.server.now_ms - first.server.now_ms) > 80_000_000 ? now : null;
    });
    expect(second.server.uptime_seconds).toBeLessThan(60);
    expect(second.connections).toMatchObject({
      active_connections: 10,
      idle_connections: 0,
      zombie_connections: 0,
    });
    for (const row of await json<Connection[]>(ready, "/admin/connections"))
      expect(row.idle_time).toBeLessThan(60);
    // Pings are still sent and answered.
    const pinged = second.latency.rtt.counts.reduce((sum, count) => sum + count, 0);
    await until(async () => {
      const { latency } = await stats(ready);
      return latency.rtt.counts.reduce((sum, count) => sum + count, 0) >= pinged + 20;
    });
    expect(open.every((socket) => socket.readyState === WebSocket.OPEN)).toBe(true);
    for (const socket of open) socket.terminate();
    await until(async () => (await stats(ready)).connections.active_connections === 0);
    const closed = await json<{ closes: { lifetime_seconds: number }[] }>(ready, "/admin/closed-connections");
    for (const { lifetime_seconds: lifetime } of closed.closes) expect(lifetime).toBeLessThan(60);
  },
);

test("a data folder that can't be written: it serves, and whoever asks for what needs it is told", async () => {
  // A file in its place, since permissions don't stop a test that runs as root.
  mkdirSync(join(launcher.folder, "data"));
  writeFileSync(join(launcher.folder, "data/websocket-server"), "");
  const { child, ready, output } = await launcher.launchReady();
  expect((await connectMany(ready, 3)).open).toHaveLength(3);
  const override = await fetch(`http://127.0.0.1:${ready.adminPort}/admin/config-overrides/connections.max`, {
    method: "PUT",
    body: '{"value":7,"ttl_seconds":600,"reason":"test"}',
  });
  expect(override.status).toBe(500);
  expect(await override.json()).toMatchObject({ error: { code: "STORAGE_FAILED" } });
  expect((await stats(ready)).connections.max_connections).toBe(10_000);
  child.kill("SIGUSR1");
  await until(() => /ERROR heap snapshot failed error=".*(ENOTDIR|EEXIST)/.test(logText()));
  expect((await fetch(`http://127.0.0.1:${ready.adminPort}/health`)).status).toBe(200);
  expect(output.err).toBe("");
});

test("a log folder that is removed while it runs is made anew, and the log goes on", async () => {
  const log = join(launcher.folder, "logs/websocket-server.log");
  const { ready, output } = await launcher.launchReady();
  await until(() => output.out.includes("listening") && existsSync(log) && logText().includes("listening"));
  rmSync(join(launcher.folder, "logs"), { recursive: true });
  const { open } = await connectMany(ready, 1);
  await until(() => {
    open[0]?.send('{"op":"ping"}');
    return existsSync(log);
  });
  await connectMany(ready, 1);
  await until(() => logText().includes("connection opened"));
  const { checks } = await json<Health>(ready, "/health");
  expect(checks.find(({ name }) => name === "log")).toMatchObject({ status: "pass" });
});
