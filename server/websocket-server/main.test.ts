import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { serviceLauncher } from "./test-launched-service";
import { until } from "./test-service";

const service = serviceLauncher();
const { launch, launchReady } = service;

test("says that it is ready, is found by its title, and SIGTERM ends it with 0 after a goodbye", async () => {
  const { child, ready, output, ended } = await launchReady();
  expect(ready).toMatchObject({ type: "ready" });
  await until(() =>
    output.out.includes(`listening ws=127.0.0.1:${ready.websocketPort} admin=127.0.0.1:${ready.adminPort}`),
  );
  // What `pgrep -f '^websocket-server'` looks at.
  expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).toMatch(/^websocket-server/);
  const client = new WebSocket(`ws://127.0.0.1:${ready.websocketPort}/`);
  const closed = once(client, "close");
  await once(client, "message");
  child.kill("SIGTERM");
  expect((await closed)[0]).toBe(1001);
  expect(await ended).toBe(0);
  expect(readFileSync(join(service.folder, "logs/websocket-server.log"), "utf8")).toContain(
    "connection closed",
  );
});

test("ends when the process that forked it is gone", async () => {
  const { child, ended } = await launchReady();
  child.disconnect();
  expect(await ended).toBe(0);
});

test("a broken configuration ends with 78 and one line a mistake", async () => {
  const file = join(service.folder, "broken.yaml");
  writeFileSync(file, "heartbeat:\n  interval: fast\nport: x\n");
  const { output, ended } = launch({ WEBSOCKET_CONFIG: file, MAX_CONNECTIONS: "0" });
  expect(await ended).toBe(78);
  expect(output.err.trimEnd().split("\n")).toEqual([
    expect.stringContaining(`${file}:2:13 heartbeat.interval: expected a number of seconds`),
    expect.stringContaining(`${file}:3:7 port: expected a whole number`),
    expect.stringContaining("environment connections.max: MAX_CONNECTIONS: expected a whole number"),
  ]);
});

test("a port in use ends with 1 and one line that names the variable", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const { output, ended } = launch({ WEBSOCKET_PORT: String(port) });
  expect(await ended).toBe(1);
  expect(output.err).toBe(`websocket-server: port ${port} on 127.0.0.1 is in use (set WEBSOCKET_PORT)\n`);
  other.close();
});

test("SIGHUP reloads, and a broken file leaves what runs in force", async () => {
  const file = join(service.folder, "config.yaml");
  writeFileSync(file, "connections: { max: 5 }\n");
  const { child, ready, output } = await launchReady({ WEBSOCKET_CONFIG: file });
  const max = async () => {
    const response = await fetch(`http://127.0.0.1:${ready.adminPort}/config`);
    return ((await response.json()) as { connections: { max: number } }).connections.max;
  };
  writeFileSync(file, "connections: { max: 6 }\n");
  child.kill("SIGHUP");
  await until(async () => (await max()) === 6);
  writeFileSync(file, "connections: { max: none }\n");
  child.kill("SIGHUP");
  await until(() => output.out.includes("ERROR config refused"));
  expect(await max()).toBe(6);
});

test("a file that nests deeper than any parser bears ends with 78 as well", async () => {
  const file = join(service.folder, "deep.yaml");
  writeFileSync(file, "[".repeat(60_000));
  const { output, ended } = launch({ WEBSOCKET_CONFIG: file });
  expect(await ended).toBe(78);
  expect(output.err).toBe(`${file}:1:501: expected at most 500 brackets and braces\n`);
});

test("an override that was acknowledged outlives kill -9", async () => {
  const first = await launchReady();
  const answer = await fetch(
    `http://127.0.0.1:${first.ready.adminPort}/admin/config-overrides/connections.max`,
    {
      method: "PUT",
      body: '{"value":7,"ttl_seconds":600,"reason":"test"}',
    },
  );
  first.child.kill("SIGKILL");
  expect(answer.status).toBe(200);
  await first.ended;
  const second = await launchReady();
  const config = await fetch(`http://127.0.0.1:${second.ready.adminPort}/config`);
  expect(await config.json()).toMatchObject({ connections: { max: 7 } });
});

test("SIGUSR1 writes a heap snapshot", async () => {
  const { child, output } = await launchReady({ WEBSOCKET_SOURCES_SIMULATED_ENABLED: "false" });
  child.kill("SIGUSR1");
  await until(() => output.out.includes("heap snapshot written"));
  const [name] = readdirSync(join(service.folder, "data/websocket-server/heap-snapshots"));
  expect(name).toMatch(/\.heapsnapshot$/);
  expect(output.err).toBe("");
});

test("a log that can't be written is counted and takes nothing else down", async () => {
  writeFileSync(join(service.folder, "logs"), "a file where the folder should be");
  const { ready } = await launchReady();
  const response = await fetch(`http://127.0.0.1:${ready.adminPort}/stats`);
  const stats = (await response.json()) as {
    logs: { failed_writes_total: number; file_bytes: number | null };
  };
  expect(stats.logs.failed_writes_total).toBeGreaterThan(0);
  expect(stats.logs.file_bytes).toBeNull();
  expect(existsSync(join(service.folder, "logs/websocket-server.log"))).toBe(false);
});
