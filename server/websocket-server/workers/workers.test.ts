import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  closedConnectionsSchema,
  connectionsByIpSchema,
  connectionsSchema,
  gcResultSchema,
  gcStatsSchema,
  healthSchema,
  statsSchema,
  type Threads,
  threadsSchema,
} from "../../../lib/contract/service-api";
import { until } from "../../testing/until";
import { serviceLauncher } from "../test-launched-service";
import { type LaunchedWorkers, launchWorkers } from "./test-launch-workers";

const launcher = serviceLauncher();

test("every client gets every message with the same place, whichever worker holds it and whoever publishes", async () => {
  const service = await launchWorkers(launcher);
  const clients = await service.clients(200);
  const got = clients.map((client) => {
    const seqs: number[] = [];
    client.onMessage(({ seq }) => seqs.push(seq));
    return seqs;
  });
  const answers = await Promise.all(clients.map((client) => client.subscribe("room.1")));
  const { epoch } = (await service.stats()).server;
  expect(new Set(answers.map((answer) => answer.epoch))).toEqual(new Set([epoch]));

  const publishers = clients.slice(0, 20);
  const placed = await Promise.all(
    publishers.flatMap((client, index) => [1, 2, 3].map((n) => client.publish("room.1", { index, n }))),
  );
  const all = Array.from({ length: 60 }, (_, index) => index + 1);
  expect(placed.map((answer) => answer.seq).sort((a, b) => Number(a) - Number(b))).toEqual(all);
  expect(new Set(placed.map((answer) => answer.epoch))).toEqual(new Set([epoch]));
  await until("all have all", () => got.every((seqs) => seqs.length === 60));
  for (const seqs of got) expect(seqs).toEqual(all);

  const stats = await service.stats();
  expect(stats.server.workers).toBe(2);
  expect(stats.messages.published_total).toBe(60);
  expect(stats.subscriptions.active_subscriptions).toBe(200);
  const { event_loops } = threadsSchema.parse(await service.json("/admin/threads"));
  expect(event_loops.map(({ worker }) => worker)).toEqual(["main", "worker-1", "worker-2"]);
  const [main, ...held] = event_loops.map(({ connections }) => connections);
  expect([main, held.reduce((sum, count) => sum + count)]).toEqual([0, 200]);
  // However busy one of them is, none gets more than a quarter and 32 ahead of it.
  expect(Math.min(...held)).toBeGreaterThanOrEqual(74);
});

test("the admin API speaks for all workers", async () => {
  const service = await launchWorkers(launcher);
  const clients = await service.clients(30);
  await Promise.all(clients.map((client) => client.subscribe("room.1")));
  for (const client of clients.slice(0, 10)) await client.request({ op: "ping" });

  const stats = statsSchema.parse(await service.stats());
  expect(stats.connections.active_connections).toBe(30);
  expect(stats.subscriptions.top_topics[0]).toMatchObject({ topic: "room.1", subscribers: 30 });
  expect(healthSchema.parse(await service.json("/health")).checks).toContainEqual({
    name: "workers",
    status: "pass",
    message: "all 2 serve",
  });

  const rows = connectionsSchema.parse(await service.json("/admin/connections"));
  const ids = rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(30);
  const prefixes = new Set(ids.map((id) => id.split("-")[1]));
  expect(prefixes.size).toBe(2);

  const paged: typeof rows = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${cursor}`;
    const response = await service.fetch(
      `/admin/connections?sort=messages_in_total&order=desc&limit=7${next}`,
    );
    expect(response.headers.get("x-total-count")).toBe("30");
    paged.push(...connectionsSchema.parse(await response.json()));
    cursor = response.headers.get("x-next-cursor");
  } while (cursor !== null);
  expect(paged.map(({ id }) => id).sort()).toEqual([...ids].sort());
  expect(paged.map((row) => row.messages_in_total)).toEqual([
    ...new Array(10).fill(2),
    ...new Array(20).fill(1),
  ]);

  expect(connectionsByIpSchema.parse(await service.json("/admin/connections/by-ip"))).toEqual([
    { remote_ip: "127.0.0.1", connections: 30, idle: 0 },
  ]);
  const one = await service.json<{ id: string; topics: unknown[] }>(`/admin/connections/${ids[29]}`);
  expect(one.id).toBe(ids[29]);

  const threads = threadsSchema.parse(await service.json("/admin/threads"));
  const pids = new Set(threads.threads?.map(({ pid }) => pid));
  expect(pids).toEqual(new Set([service.child.pid, ...(await service.workers()).values()]));
  expect(gcStatsSchema.parse(await service.json("/admin/gc-stats")).isolates).toBe(3);
  const forced = gcResultSchema.parse(await service.json("/admin/gc", { method: "POST" }));
  expect(forced.isolates.map(({ name }) => name)).toEqual(["main", "worker-1", "worker-2"]);

  const metrics = await (await service.fetch("/metrics")).text();
  expect(metrics).toContain("\nwebsocket_active_connections 30\n");
  expect(metrics).toContain("\nwebsocket_workers 2\n");

  // Two of each worker, and one that is gone already.
  const listed = [ids[0], ids[1], ids[28], ids[29], "c-none-1"];
  const job = await service.json<{ id: string }>("/admin/cleanup-connections", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ids: listed, max: 3, rate_per_second: 1_000 }),
  });
  const done = await until("the clean-up is done", async () => {
    const read = await service.json<{ state: string; result: { closed: number } }>(`/admin/jobs/${job.id}`);
    return read.state === "running" ? null : read;
  });
  expect(done).toMatchObject({ state: "succeeded", result: { closed: 3, already_gone: 0 } });
  const closed = closedConnectionsSchema.parse(await service.json("/admin/closed-connections"));
  expect(closed.closes.map(({ code }) => code)).toEqual([4001, 4001, 4001]);
  expect(new Set(closed.closes.map(({ id }) => id.split("-")[1])).size).toBe(2);
  expect(closed.closes.map((close) => close.closed_at_ms)).toEqual(
    closed.closes.map((close) => close.closed_at_ms).sort((a, b) => b - a),
  );
  expect((await service.stats()).connections.closed_by_code).toEqual({ 4001: 3 });
});

test("reloads and temporary values reach the workers, and their log lines the one log", async () => {
  const file = join(launcher.folder, "config.yaml");
  writeFileSync(file, "subscriptions: { max_per_connection: 1 }\n");
  const service = await launchWorkers(launcher, { WEBSOCKET_CONFIG: file });
  const clients = await service.clients(2);
  const mostTopics = async (most: number) => {
    const codes = await Promise.all(
      clients.map(async (client) => {
        const answers = await Promise.all([1, 2, 3, 4].map((n) => client.subscribe(`room.${n}`)));
        await Promise.all([1, 2, 3, 4].map((n) => client.unsubscribe(`room.${n}`)));
        return answers.filter((answer) => answer.ok).length;
      }),
    );
    return codes.every((count) => count === most);
  };
  await until("one topic fits", () => mostTopics(1));
  writeFileSync(file, "subscriptions: { max_per_connection: 2 }\n");
  service.child.kill("SIGHUP");
  await until("two topics fit", () => mostTopics(2));
  const override = await service.fetch("/admin/config-overrides/subscriptions.max_per_connection", {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ value: 3, ttl_seconds: 60, reason: "test" }),
  });
  expect(override.status).toBe(200);
  await until("three topics fit", () => mostTopics(3));

  await clients[0]?.close();
  await clients[1]?.close();
  for (const worker of ["worker-1", "worker-2"]) {
    await until("its lines are there", () =>
      new RegExp(`connection (dis|closed)?.* worker=${worker}`).test(service.logText()),
    );
    expect(service.logText()).toMatch(new RegExp(`INFO  connection opened id=.* worker=${worker}`));
  }
  const times = service
    .logText()
    .trim()
    .split("\n")
    .map((line) => line.slice(0, 24));
  expect(times).toEqual([...times].sort());
});

test("drain and undrain reach the workers", async () => {
  const service = await launchWorkers(launcher);
  await service.fetch("/admin/drain", { method: "POST" });
  const refused = await Promise.allSettled([service.client(), service.client()]);
  expect(refused.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await service.stats()).connections.refused_by_reason).toEqual({ SHUTTING_DOWN: 2 });
  await service.fetch("/admin/undrain", { method: "POST" });
  await service.clients(2);
});

test("only the main process has the name that is looked for, and SIGUSR1 writes every process's heap", async () => {
  const service = await launchWorkers(launcher);
  const titleOf = (pid: number | undefined) => readFileSync(`/proc/${pid}/cmdline`, "utf8");
  expect(titleOf(service.child.pid)).toMatch(/^websocket-server/);
  for (const [worker, pid] of await service.workers())
    expect(titleOf(pid)).toMatch(new RegExp(`^${worker} of`));
  service.child.kill("SIGUSR1");
  const folder = join(launcher.folder, "data/websocket-server/heap-snapshots");
  const written = () => readdirSync(folder).filter((name) => name.endsWith(".heapsnapshot"));
  await until(
    "three are written",
    () => service.output.out.includes("heap snapshot written") && written().length === 3,
    30_000,
  );
  expect(
    written()
      .map((name) => name.replace(/-20.*/, ""))
      .sort(),
  ).toEqual(["heap-main", "heap-worker-1", "heap-worker-2"]);
});

test("a port in use ends with 1 and one line, with workers as without", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await until("it listens", () => other.listening);
  const { port } = other.address() as { port: number };
  const { output, ended } = launcher.launch({ WEBSOCKET_WORKERS: "2", WEBSOCKET_PORT: String(port) });
  expect(await ended).toBe(1);
  expect(output.err).toBe(`websocket-server: port ${port} on 127.0.0.1 is in use (set WEBSOCKET_PORT)\n`);
  other.close();
});

/** Handshakes that all begin in the same instant, and what became of them. */
async function burst(service: LaunchedWorkers, count: number, localAddress = "127.0.0.1") {
  const results = await Promise.allSettled(
    Array.from({ length: count }, () => service.client({ socket: { localAddress } })),
  );
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

test("no burst gets past connections.max over all workers, and a dead worker's places are free again", async () => {
  const service = await launchWorkers(launcher, { MAX_CONNECTIONS: "50" });
  expect(await burst(service, 200)).toHaveLength(50);
  const full = (await service.stats()).connections;
  expect(full).toMatchObject({ active_connections: 50, opened_total: 50 });
  expect(full.refused_by_reason).toEqual({ MAX_CONNECTIONS_EXCEEDED: 150 });

  const { event_loops: loops } = await service.json<Threads>("/admin/threads");
  const fullest = loops.reduce((most, each) => (each.connections > most.connections ? each : most));
  process.kill(fullest.pid, "SIGKILL");
  const after = await until("its connections are gone", async () => {
    const { connections } = await service.stats();
    return connections.closed_total > 0 ? connections : null;
  });
  expect(after.active_connections).toBeLessThan(50);
  expect(await burst(service, 200)).toHaveLength(50 - after.active_connections);
  expect((await service.stats()).connections.active_connections).toBe(50);
});

test("no burst gets past connections.max_per_ip over all workers", async () => {
  const service = await launchWorkers(launcher, { WEBSOCKET_CONNECTIONS_MAX_PER_IP: "5" });
  const [one, two] = await Promise.all([burst(service, 40, "127.0.0.1"), burst(service, 40, "127.0.0.2")]);
  expect([one.length, two.length]).toEqual([5, 5]);
  const byIp = await service.json<{ remote_ip: string; connections: number }[]>("/admin/connections/by-ip");
  expect(byIp.map(({ connections }) => connections)).toEqual([5, 5]);
  expect((await service.stats()).connections.refused_by_reason).toEqual({ TOO_MANY_CONNECTIONS_FROM_IP: 70 });
  await one[0]?.close();
  await until("its place is free", async () => (await burst(service, 3, "127.0.0.1")).length === 1);
});
