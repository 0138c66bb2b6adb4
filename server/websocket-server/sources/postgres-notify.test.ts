import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeWith } from "../../testing/describe-with";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server";
import { until } from "../../testing/until";
import { receive, sourceStatus, startFedService } from "./test-fed-service";

let postgres: PostgresServer;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(env: Record<string, string> = {}) {
  const service = await startFedService({
    WEBSOCKET_SOURCES_POSTGRES_NOTIFY_URL: postgres.url,
    WEBSOCKET_SOURCES_POSTGRES_NOTIFY_CHANNELS: 'orders,odd "name"',
    ...env,
  });
  ends.push(() => service.end());
  const status = () => sourceStatus(service, "postgres-notify");
  const running = () => until("the source runs", async () => (await status()).state === "running");
  return { service, status, running };
}

async function connect(): Promise<(channel: string, payload: string) => Promise<unknown>> {
  const client = new pg.Client({ connectionString: postgres.url });
  client.on("error", () => {});
  ends.push(() => client.end().catch(() => {}));
  await client.connect();
  return (channel, payload) => client.query("SELECT pg_notify($1, $2)", [channel, payload]);
}

describeWith(["postgres"], "postgres-notify", () => {
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.end());

  test("notifications reach WebSocket clients; what can't be used is counted and stops nothing", async () => {
    const { service, running, status } = await start({ WEBSOCKET_SOURCES_POSTGRES_NOTIFY_PREFIX: "db." });
    await running();
    const received = await receive(service, ["db.orders"]);
    const notify = await connect();
    await notify("orders", '{"id":1}');
    await notify("orders", "{broken");
    await notify("orders", "");
    await notify('odd "name"', "1");
    await notify("orders", "[2]");
    await received.has(3);
    expect(received.of("db.orders")).toEqual([{ id: 1 }, null, [2]]);
    expect(await status()).toMatchObject({ state: "running", messages_total: 3, errors_total: 2, topics: 1 });
  });

  test("killed and started again, it is back by itself and misses nothing from then on", async () => {
    const { service, running, status } = await start();
    await running();
    await postgres.kill();
    await until("it noticed", async () => ["backoff", "connecting"].includes((await status()).state));
    expect((await status()).last_error).toMatch(/terminated|ECONNREFUSED|ECONNRESET|closed/);
    await postgres.restart();
    await running();
    const received = await receive(service, ["orders"]);
    const notify = await connect();
    for (let id = 1; id <= 20; id++) await notify("orders", String(id));
    await received.has(20);
    expect(received.of("orders")).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect((await status()).reconnects_total).toBeGreaterThanOrEqual(1);
  });

  test("a server that stops without a word is noticed, and is back when it goes on", async () => {
    const { service, running, status } = await start({ WEBSOCKET_SOURCES_TIMEOUT: "0.5" });
    await running();
    postgres.pause();
    try {
      await until("it noticed", async () => ["backoff", "connecting"].includes((await status()).state));
      expect((await status()).last_error).toMatch(/timeout/);
    } finally {
      postgres.resume();
    }
    await running();
    const received = await receive(service, ["orders"]);
    await (await connect())("orders", "1");
    await received.has(1);
  });

  test("a restart ends the connection at the server and makes another", async () => {
    const { service, running, status } = await start();
    await running();
    const client = new pg.Client({ connectionString: postgres.url });
    ends.push(() => client.end());
    await client.connect();
    const pids = async () => {
      const { rows } = await client.query(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'websocket-server'",
      );
      return rows.map(({ pid }) => pid);
    };
    const before = await pids();
    const address = `${service.adminUrl}/admin/datasources/postgres-notify/restart`;
    const answer = await fetch(address, { method: "POST" });
    expect(await answer.json()).toMatchObject({ state: "running", reconnects_total: 1 });
    await until("the old one is gone", async () => (await pids()).length === 1);
    expect(before).toHaveLength(1);
    expect(await pids()).not.toEqual(before);
    expect(await status()).toMatchObject({ errors_total: 0 });
  });

  test.each([
    [
      "a wrong password",
      (url: string) => url.replace("test%20password", "wrong%20horse"),
      "failed",
      /authentication/,
    ],
    ["no password", (url: string) => url.replace(":test%20password", ""), "failed", /password/],
    [
      "a wrong database",
      (url: string) => url.replace("/postgres?", "/nothing?"),
      "failed",
      /"nothing" does not exist/,
    ],
    ["a closed port", () => "postgres://ada:wrong%20horse@127.0.0.1:1/postgres", "backoff", /ECONNREFUSED/],
    [
      "an unknown host",
      () => "postgres://ada:wrong%20horse@nobody.invalid/x",
      "backoff",
      /ENOTFOUND|EAI_AGAIN/,
    ],
  ] as const)("%s is told honestly and without the password", async (_name, urlOf, state, text) => {
    const { service, status } = await start({
      WEBSOCKET_SOURCES_POSTGRES_NOTIFY_URL: urlOf(`${postgres.url}?`).replace(/\?$/, ""),
    });
    await until("it says so", async () => (await status()).state === state);
    const told = await status();
    expect(told.last_error).toMatch(text);
    expect(JSON.stringify([told, service.stats()]) + service.logText()).not.toMatch(/horse|test password/);
  });
});
