import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import type { CleanupJob, Health, Stats } from "../../../lib/contract/service-api";
import { until } from "../../testing/until";
import type { WebsocketClient } from "../../websocket-client/client";
import { serviceLauncher } from "../test-launched-service";
import { isAlive, type LaunchedWorkers, launchWorkers, untilGone } from "./test-launch-workers";
import { channelDescriptor } from "./worker-process";

const launcher = serviceLauncher();

/** Clients and the worker that each is held by, told from the rows of that worker's log lines. */
async function clientsByWorker(service: LaunchedWorkers, count: number) {
  const byWorker = new Map<string, WebsocketClient[]>([
    ["worker-1", []],
    ["worker-2", []],
  ]);
  for (let i = 0; i < count; i++) {
    let id = "";
    const client = await service.client();
    const answer = await service.json<{ id: string }[]>(
      "/admin/connections?sort=connected_at_ms&order=desc&limit=1",
    );
    id = answer[0]?.id ?? "";
    const worker = await until(
      "its line is in the log",
      () => new RegExp(`connection opened id=${id} .*worker=(worker-\\d)`).exec(service.logText())?.[1],
    );
    byWorker.get(worker)?.push(client);
  }
  return byWorker;
}

/** Every total that /stats tells, by path. */
function totals(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") {
    const counts = /_total$|_total\.|\.counts\.|sum_ms|closed_by|refused_by|opened/.test(path);
    return counts ? [[path, value]] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => totals(inner, `${path}.${key}`));
}

function expectNoneSmaller(before: Stats, after: Stats) {
  const now = new Map(totals(after));
  const smaller = totals(before).filter(([path, value]) => (now.get(path) ?? 0) < value);
  expect(smaller).toEqual([]);
}

test("kill -9 of a worker: the others' clients notice nothing, totals go on, it is back with all values", async () => {
  const service = await launchWorkers(launcher);
  const byWorker = await clientsByWorker(service, 10);
  const all = [...byWorker.values()].flat();
  await Promise.all(all.map((client) => client.subscribe("room.1")));
  const others = byWorker.get("worker-2") ?? [];
  const mine = byWorker.get("worker-1") ?? [];
  expect([mine.length, others.length]).toEqual([5, 5]);
  const got: number[][] = others.map(() => []);
  for (const [index, client] of others.entries()) client.onMessage(({ seq }) => got[index]?.push(seq));
  for (let n = 1; n <= 20; n++) await all[n % 10]?.publish("room.1", { n });
  const before = await service.stats();
  expect(before.connections).toMatchObject({ active_connections: 10, opened_total: 10, closed_total: 0 });
  expect(before.messages.out_total).toBeGreaterThan(200);

  const pid = (await service.workers()).get("worker-1") ?? 0;
  const lost = Promise.all(
    mine.map((client) => once(client.socket as NonNullable<typeof client.socket>, "close")),
  );
  process.kill(pid, "SIGKILL");
  expect((await lost).map(([code]) => code)).toEqual([1006, 1006, 1006, 1006, 1006]);
  // Whoever comes back finds a place at once.
  const back = await service.client();
  await back.subscribe("room.1");

  const during = await until("the end is counted", async () => {
    const stats = await service.stats();
    return stats.connections.closed_total === 5 ? stats : null;
  });
  expectNoneSmaller(before, during);
  expect(during.connections).toMatchObject({
    active_connections: 6,
    opened_total: 11,
    closed_by_side: { client: 0, server: 0, lost: 5 },
    closed_by_code: { 1006: 5 },
  });
  expect(during.subscriptions.active_subscriptions).toBe(6);
  await until("it is back", async () => {
    const { server } = await service.stats();
    return server.worker_restarts_total === 1 && server.unavailable_workers.length === 0;
  });
  expect((await service.workers()).get("worker-1")).not.toBe(pid);
  const after = await service.stats();
  expectNoneSmaller(during, after);
  expect(after.server.epoch).toBe(before.server.epoch);
  expect(service.logText()).toMatch(
    /CRITICAL worker ended worker=worker-1 pid=\d+ code=null signal=SIGKILL connections_lost=5/,
  );

  // The one that was started anew holds fewest, so that it gets these.
  const late = await service.clients(4);
  const first = late.map(
    (client) =>
      new Promise<number>((resolve) => {
        client.onMessage(({ seq }) => resolve(seq));
      }),
  );
  const answers = await Promise.all(late.map((client) => client.subscribe("room.1")));
  expect(answers.map((answer) => answer.seq)).toEqual([20, 20, 20, 20]);
  expect(await Promise.all(first)).toEqual([20, 20, 20, 20]);
  await others[0]?.publish("room.1", { n: 21 });
  const seqs = Array.from({ length: 21 }, (_, index) => index + 1);
  await until("the others missed nothing", () => got.every((own) => own.length === 21));
  for (const own of got) expect(own).toEqual(seqs);
});

test("a worker that hangs: answers come in time and say so, new clients go to the others, and it may come back", async () => {
  const service = await launchWorkers(launcher);
  const byWorker = await clientsByWorker(service, 4);
  const before = await service.stats();
  const pid = (await service.workers()).get("worker-1") ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    // Also before anyone has found out.
    const health = await service.json<Health>("/health");
    expect(health.status).toBe("healthy");
    const told = await until("it is found out", async () => {
      const { status, checks } = await service.json<Health>("/health");
      const check = checks.find(({ name }) => name === "workers");
      return check?.status === "warn" ? { status, check } : null;
    });
    expect(told.status).toBe("degraded");
    expect(told.check.message).toMatch(
      /^worker-1 has not answered for \d+\.\d s, its figures are those of then$/,
    );
    const during = await service.stats();
    expectNoneSmaller(before, during);
    expect(during.connections.active_connections).toBe(4);
    expect(during.server.unavailable_workers).toMatchObject([{ worker: "worker-1", state: "hanging" }]);
    // Lists hold what the others have, and say what they leave out.
    for (const [path, rows] of [
      ["/admin/connections?sort=id", 2],
      ["/admin/connections/by-ip", 1],
      ["/admin/closed-connections", null],
      ["/admin/gc-stats", null],
      ["/admin/subscriptions", null],
      ["/admin/heap-snapshots", null],
      ["/admin/host", null],
    ] as const) {
      const answer = await service.fetch(path);
      expect([path, answer.status, answer.headers.get("x-missing-workers")]).toEqual([path, 200, "worker-1"]);
      const body = (await answer.json()) as unknown;
      if (rows !== null) expect(body).toHaveLength(rows);
    }
    const clean = await service.fetch("/admin/cleanup-connections", {
      method: "POST",
      body: JSON.stringify({ idle_seconds: 0.001, dry_run: true }),
    });
    expect([clean.status, clean.headers.get("x-missing-workers")]).toEqual([200, "worker-1"]);
    expect(await clean.json()).toMatchObject({ total: 2 });
    // It may be the one that holds it.
    const one = await service.fetch("/admin/connections/c-none-1");
    expect(one.status).toBe(503);
    expect(await one.json()).toMatchObject({
      error: { code: "WORKER_UNAVAILABLE", details: { missing: ["worker-1"] } },
    });
    const threads = await service.json<{ threads: { pid: number; state: string }[] }>("/admin/threads");
    const own = threads.threads.filter((thread) => thread.pid === pid);
    expect(new Set(own.map(({ state }) => state))).toEqual(new Set(["stopped"]));
    await service.clients(6);
    expect((await service.stats()).connections.active_connections).toBe(10);
    const talker = byWorker.get("worker-2")?.[0];
    expect(await talker?.publish("room.1", 1)).toMatchObject({ ok: true, seq: 1 });
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await until("all is well again", async () => (await service.json<Health>("/health")).status === "healthy");
  const waking = byWorker.get("worker-1")?.[0];
  // What was said meanwhile has reached it.
  expect(await waking?.subscribe("room.1")).toMatchObject({ ok: true, seq: 1 });
  expect((await service.workers()).get("worker-1")).toBe(pid);
});

/** Handshakes that are refused of `count`, one after the other. */
async function refusedOf(service: LaunchedWorkers, count: number): Promise<number> {
  let refused = 0;
  for (let i = 0; i < count; i++) {
    await service.client().catch((error: unknown) => {
      expect(String(error)).toContain("503");
      refused++;
    });
  }
  return refused;
}

test("a worker that hangs through the beginning or the end of a drain heeds it when it wakes", async () => {
  const service = await launchWorkers(launcher);
  const byWorker = await clientsByWorker(service, 2);
  const [hanging] = byWorker.get("worker-1") ?? [];
  const [other] = byWorker.get("worker-2") ?? [];
  if (!hanging?.socket || !other?.socket) throw new Error("each worker holds one");
  const pid = (await service.workers()).get("worker-1") ?? 0;
  const hangs = () =>
    until("it is found out", async () => (await service.stats()).server.unavailable_workers.length === 1);
  const well = () =>
    until("it answers", async () => (await service.stats()).server.unavailable_workers.length === 0);
  const post = async (path: string, body: unknown = {}) =>
    (await service.fetch(path, { method: "POST", body: JSON.stringify(body) })).status;
  try {
    process.kill(pid, "SIGSTOP");
    await hangs();
    const goodbyes = [once(other.socket, "close"), once(hanging.socket, "close")] as const;
    expect(await post("/admin/drain", { close_connections: true })).toBe(200);
    expect((await goodbyes[0])[0]).toBe(1001);
    process.kill(pid, "SIGCONT");
    expect((await goodbyes[1])[0]).toBe(1001);
    await well();
    expect(await refusedOf(service, 4)).toBe(4);
    process.kill(pid, "SIGSTOP");
    await hangs();
    expect(await post("/admin/undrain")).toBe(200);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await well();
  expect(await refusedOf(service, 4)).toBe(0);
  expect((await service.stats()).connections.active_connections).toBe(4);
});

test("sockets that find no worker in time are ended and counted", async () => {
  const service = await launchWorkers(launcher, { WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "0.5" });
  const pids = [...(await service.workers()).values()];
  const before = await service.stats();
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  try {
    // Each worker is handed one and takes none; the others wait.
    const sockets = Array.from({ length: 5 }, () => connect(service.ready.websocketPort, "127.0.0.1"));
    const ended = sockets.map((socket) => once(socket.resume(), "close"));
    for (let i = 0; i < 3; i++) await Promise.race(ended.map((each, at) => each.then(() => at)));
    const { connections } = await until("all are counted", async () => {
      const stats = await service.stats();
      return stats.connections.refused_by_reason.WORKER_UNAVAILABLE === 3 ? stats : null;
    });
    expect(connections.refused_total).toBe(before.connections.refused_total + 3);
    const metrics = await (await service.fetch("/metrics")).text();
    expect(metrics).toMatch(/^websocket_connections_refused_total\{reason="WORKER_UNAVAILABLE"\} 3$/m);
    for (const socket of sockets) socket.destroy();
  } finally {
    for (const pid of pids) process.kill(pid, "SIGCONT");
  }
});

test("who comes back after a clean-up is counted, whichever worker takes it", async () => {
  const service = await launchWorkers(launcher);
  // At once, and so to the worker that holds fewest: to either of them.
  const client = await service.client();
  const back = once(client.socket as NonNullable<typeof client.socket>, "close").then(() => service.client());
  const answer = await service.json<CleanupJob>("/admin/cleanup-connections", {
    method: "POST",
    body: JSON.stringify({ idle_seconds: 0.001 }),
  });
  await back;
  const { result } = await until("it has ended", async () => {
    const job = await service.json<CleanupJob>(`/admin/jobs/${answer.id}`);
    return job.state === "succeeded" ? job : null;
  });
  expect(result).toMatchObject({ closed: 1, came_back: 1 });
});

test.each(["its channel", "Node's channel"])(
  "a worker ends when %s ends before it was told anything",
  async (which) => {
    const orphan = launcher.forkWorker("worker-1");
    const ended = once(orphan, "exit");
    if (which === "its channel") orphan.stdio[channelDescriptor]?.destroy();
    else orphan.disconnect();
    expect(await ended).toEqual([0, null]);
  },
);

test("a socket that a dying worker had not taken goes to another", async () => {
  const service = await launchWorkers(launcher);
  const pid = (await service.workers()).get("worker-1") ?? 0;
  process.kill(pid, "SIGSTOP");
  const waiting = Promise.all([service.client(), service.client(), service.client()]);
  process.kill(pid, "SIGKILL");
  for (const client of await waiting) expect((await client.request({ op: "ping" })).ok).toBe(true);
});

test("kill -9 of the main process ends the workers, and clients are told", async () => {
  const service = await launchWorkers(launcher);
  const clients = await service.clients(10);
  const codes = clients.map((client) => once(client.socket as NonNullable<typeof client.socket>, "close"));
  const pids = [...(await service.workers()).values()];
  service.child.kill("SIGKILL");
  await untilGone(pids);
  expect((await Promise.all(codes)).map(([code]) => code)).toEqual(new Array(10).fill(1001));
});

test("signals that reach the whole process group end it once, and by the main process", async () => {
  const service = await launchWorkers(launcher);
  const clients = await service.clients(20);
  const codes = clients.map((client) => once(client.socket as NonNullable<typeof client.socket>, "close"));
  const pids = [...(await service.workers()).values()];
  for (const signal of ["SIGINT", "SIGTERM", "SIGINT"] as const) {
    for (const pid of [...pids, service.child.pid ?? 0]) if (isAlive(pid)) process.kill(pid, signal);
  }
  expect(await service.ended).toBe(0);
  expect((await Promise.all(codes)).map(([code]) => code)).toEqual(new Array(20).fill(1001));
  await untilGone(pids);
  expect(service.output.err).toBe("");
  expect(service.logText()).not.toContain("CRITICAL");
});

test.each([1, 2])(
  "SIGTERM with 2,000 clients over %i: all get their goodbye, and nothing is left",
  async (workers) => {
    const service = await launchWorkers(launcher, { WEBSOCKET_WORKERS: String(workers) });
    const pids = workers === 1 ? [] : [...(await service.workers()).values()];
    const ends: Promise<{ code: number; goodbye: boolean }>[] = [];
    for (let batch = 0; batch < 20; batch++) {
      for (const client of await service.clients(100)) {
        const socket = client.socket as NonNullable<typeof client.socket>;
        let goodbye = false;
        socket.on("message", (text) => {
          goodbye ||= String(text).includes('"op":"goodbye"');
        });
        ends.push(once(socket, "close").then(([code]) => ({ code, goodbye })));
      }
    }
    expect((await service.stats()).connections.active_connections).toBe(2_000);
    service.child.kill("SIGTERM");
    const seen = new Map<string, number>();
    for (const { code, goodbye } of await Promise.all(ends)) {
      const key = `${code} ${goodbye}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen]).toEqual([["1001 true", 2_000]]);
    expect(await service.ended).toBe(0);
    await untilGone(pids);
    expect(service.logText()).toMatch(/stopped connections=0/);
    const port = service.ready.websocketPort;
    const refused = connect(port, "127.0.0.1");
    expect((await once(refused, "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
  },
  60_000,
);

test("a stop does not wait for a worker that hangs", async () => {
  const service = await launchWorkers(launcher, { WEBSOCKET_SHUTDOWN_TIMEOUT: "2" });
  await service.clients(4);
  const pids = await service.workers();
  const pid = pids.get("worker-2") ?? 0;
  process.kill(pid, "SIGSTOP");
  service.child.kill("SIGTERM");
  expect(await service.ended).toBe(0);
  await untilGone(pids.values());
});

test("whoever lost its connection recovers at any worker, at one that was started anew too", async () => {
  const service = await launchWorkers(launcher);
  const publisher = await service.client();
  let epoch: unknown;
  for (let n = 1; n <= 30; n++) ({ epoch } = await publisher.publish("room.1", { n }));
  const pids = await service.workers();
  for (const pid of pids.values()) process.kill(pid, "SIGKILL");
  await until("both are back", async () => {
    const { server } = await service.stats();
    return server.worker_restarts_total === 2 && server.unavailable_workers.length === 0;
  });
  const clients = await service.clients(6);
  const got = clients.map((client) => {
    const seqs: number[] = [];
    client.onMessage(({ seq }) => seqs.push(seq));
    return seqs;
  });
  await Promise.all(
    clients.map((client) => client.request({ op: "subscribe", topic: "room.1", since: { epoch, seq: 12 } })),
  );
  await clients[0]?.publish("room.1", { n: 31 });
  const missed = Array.from({ length: 19 }, (_, index) => index + 13);
  await until("all have what they missed", () => got.every((seqs) => seqs.length >= missed.length));
  for (const seqs of got) expect(seqs).toEqual(missed);
  const { subscriptions } = await service.stats();
  expect(subscriptions).toMatchObject({ recovered_total: 6, gaps_total: 0 });
});
