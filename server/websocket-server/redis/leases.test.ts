import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { DataSource } from "../../../lib/contract/service-api";
import { describeWith } from "../../testing/describe-with";
import { type RedisServer, startRedis } from "../../testing/redis-server";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { readFeedEntry } from "./feed-entry";
import { sharedKeys } from "./keys";
import { RedisSequencer } from "./redis-sequencer";

const projectRoot = fileURLToPath(new URL("../../..", import.meta.url));
const bundle = join(projectRoot, `dist/test-leases-${process.pid}.mjs`);
const keys = sharedKeys("test");
const sources = ["prices", "sensors", "events"];

describeWith(["redis"], "a data source", () => {
  let server: RedisServer;
  let admin: Redis;
  let folder: string;
  const children: ChildProcess[] = [];
  const sequencers: RedisSequencer[] = [];

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
    await build({
      entryPoints: [join(projectRoot, "server/websocket-server/main.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
    });
  });
  afterAll(async () => {
    rmSync(bundle, { force: true });
    admin?.disconnect();
    await server?.end();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "leases-"));
    await admin.flushall();
  });
  afterEach(async () => {
    await Promise.all(sequencers.splice(0).map((sequencer) => sequencer.stop()));
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** A service in a process of its own. */
  async function launch(name: string, leaseSeconds: number) {
    const child = fork(bundle, {
      cwd: folder,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: {
        NODE_ENV: "test",
        WEBSOCKET_PORT: "0",
        WEBSOCKET_ADMIN_PORT: "0",
        WEBSOCKET_DATA_DIR: join(folder, name),
        LOG_FILE: join(folder, `${name}.log`),
        WEBSOCKET_CACHE_BACKEND: "redis",
        WEBSOCKET_REDIS_URL: server.url,
        WEBSOCKET_REDIS_PREFIX: "test",
        WEBSOCKET_REDIS_LEASE: String(leaseSeconds),
        WEBSOCKET_SOURCES_SIMULATED_RATE: "2000",
      },
    });
    children.push(child);
    const [{ adminPort }] = (await once(child, "message")) as [{ adminPort: number }];
    const get = async <T>(path: string) =>
      (await (await fetch(`http://127.0.0.1:${adminPort}${path}`)).json()) as T;
    const states = async () => {
      const { datasources } = await get<{ datasources: DataSource[] }>("/admin/datasource-status");
      return new Set(datasources.map(({ state }) => state));
    };
    return { child, get, states, all: async (state: string) => [...(await states())].join() === state };
  }

  /** Who gave each message of the feed to Redis, in order, neighbours that are alike told once. */
  async function origins(): Promise<string[]> {
    const entries = (await admin.xrange(keys.feed, "-", "+")).map(readFeedEntry);
    const names = entries.flatMap((entry) => (entry.kind === "message" ? [entry.origin] : []));
    return names.filter((name, index) => name !== names[index - 1]);
  }

  async function twoInstances(leaseSeconds = 1) {
    const owner = await launch("owner", leaseSeconds);
    await until("it runs everything", () => owner.all("running"));
    const other = await launch("other", leaseSeconds);
    await until("the other one stands by", () => other.all("standby"));
    await until("something is published", async () => (await admin.xlen(keys.feed)) > 200);
    return { owner, other };
  }

  test("runs on one instance; when that one is killed the other one takes over", async () => {
    const { owner, other } = await twoInstances();
    const [first] = await origins();
    owner.child.kill("SIGKILL");
    await until("the other one runs everything", () => other.all("running"));
    await until("it publishes", async () => (await origins()).length === 2);
    expect((await origins())[0]).toBe(first);
  });

  test("goes over at once when its instance stops in good order", async () => {
    const { owner, other } = await twoInstances(600);
    owner.child.kill("SIGTERM");
    await once(owner.child, "exit");
    await until("the other one runs everything", () => other.all("running"));
  });

  test("is given up by an instance that was stopped for longer than its lease, and nothing of it gets through", async () => {
    const { owner, other } = await twoInstances();
    owner.child.kill("SIGSTOP");
    await until("the other one runs everything", () => other.all("running"));
    await until("it publishes", async () => (await origins()).length === 2);
    owner.child.kill("SIGCONT");
    await until("the first one stands by", () => owner.all("standby"));
    const published = await admin.xlen(keys.feed);
    await until("more is published", async () => (await admin.xlen(keys.feed)) > published + 200);
    expect(await origins()).toHaveLength(2);
  });

  test("can't publish once the lease is another's, even before its instance knows", async () => {
    const sequencer = new RedisSequencer({
      url: server.url,
      prefix: "test",
      timeoutMs: 1_000,
      feedLength: 1_000,
      leaseMs: 60_000,
      logger: silentLogger(),
    });
    sequencers.push(sequencer);
    await sequencer.start(
      () => {},
      () => {},
    );
    const changes: string[] = [];
    sequencer.leases.onChange((source, owned) => changes.push(`${source} ${owned}`));
    await until("the lease is held", () => sources.every((source) => sequencer.leases.own(source)));
    expect(await sequencer.publish("x", "1", "prices")).toMatchObject({ seq: 1 });
    await admin.set(keys.lease("prices"), "someone-else");
    expect(sequencer.leases.own("prices")).toBe(true);
    const outcomes = await Promise.allSettled([
      sequencer.publish("x", "2", "prices"),
      sequencer.publish("x", "3", "sensors"),
    ]);
    expect(outcomes[0]).toMatchObject({ status: "rejected", reason: { code: "CACHE_UNAVAILABLE" } });
    expect(outcomes[1]).toMatchObject({ status: "fulfilled", value: { seq: 2 } });
    expect(sequencer.leases.own("prices")).toBe(false);
    expect(sequencer.leases.own("sensors")).toBe(true);
    expect(changes.at(-1)).toBe("prices false");
  });

  test("is given up when Redis has been away for longer than the lease", async () => {
    const own = await startRedis({ keepData: true });
    try {
      const sequencer = new RedisSequencer({
        url: own.url,
        prefix: "test",
        timeoutMs: 500,
        feedLength: 1_000,
        leaseMs: 600,
        logger: silentLogger(),
      });
      sequencers.push(sequencer);
      await sequencer.start(
        () => {},
        () => {},
      );
      await until("the lease is held", () => sequencer.leases.own("prices"));
      await own.kill();
      await until("it is given up", () => !sequencer.leases.own("prices"));
      await own.restart();
      await until("it is held again", () => sequencer.leases.own("prices"));
    } finally {
      await own.end();
    }
  });
});
