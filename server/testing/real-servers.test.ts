import Redis from "ioredis";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { describeWith } from "./describe-with";
import { type PostgresServer, startPostgres } from "./postgres-server";
import { type RedisServer, startRedis } from "./redis-server";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describeWith(["redis"], "a real Redis", () => {
  async function start(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
    const server = await startRedis(options);
    ends.push(() => server.end());
    return server;
  }
  function client(server: RedisServer): Redis {
    const redis = new Redis(server.url, { retryStrategy: () => null, commandTimeout: 500 });
    redis.on("error", () => {});
    ends.push(() => redis.disconnect());
    return redis;
  }

  test("is killed and comes back on its port, with its data when it keeps them", async () => {
    const server = await start({ keepData: true });
    const { pid } = server;
    await client(server).set("a", "1");
    await server.kill();
    expect(() => process.kill(pid, 0)).toThrow();
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await client(server).get("a")).toBe("1");
  });

  test("answers nothing while it is paused", async () => {
    const server = await start({ password: "se cret" });
    const redis = client(server);
    expect(await redis.ping()).toBe("PONG");
    server.pause();
    await expect(redis.ping()).rejects.toThrow(/timed out/);
    server.resume();
    expect(await client(server).ping()).toBe("PONG");
  });
});

describeWith(["postgres"], "a real PostgreSQL", () => {
  async function start(): Promise<PostgresServer> {
    const server = await startPostgres();
    ends.push(() => server.end());
    return server;
  }
  async function client(server: PostgresServer, queryTimeoutMs = 5_000): Promise<pg.Client> {
    const options = { connectionString: server.url, query_timeout: queryTimeoutMs };
    const connected = new pg.Client(options);
    connected.on("error", () => {});
    ends.push(() => connected.end().catch(() => {}));
    await connected.connect();
    return connected;
  }

  test("is killed with its connections and comes back on its port with its data", async () => {
    const server = await start();
    const { pid } = server;
    const before = await client(server);
    await before.query("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");
    const lost = new Promise((resolve) => before.once("end", resolve));
    await server.kill();
    await lost;
    expect(() => process.kill(pid, 0)).toThrow();
    await server.restart();
    const after = await client(server);
    expect((await after.query("SELECT id FROM kept")).rows).toEqual([{ id: 7 }]);
  });

  test("answers nothing while it is paused", async () => {
    const server = await start();
    const connected = await client(server, 500);
    server.pause();
    await expect(connected.query("SELECT 1")).rejects.toThrow(/timeout/i);
    server.resume();
    expect((await (await client(server)).query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});
