import { writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { cleanupSubscriptionsResultSchema, subscriptionsSchema } from "../../../lib/contract/service-api";
import type { Environment } from "../config/environment";
import { transcript } from "../connections/test-transcript";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service.end());

async function start(env: Environment = {}) {
  service = await startTestService(env, 'publish:\n  allow: ["old.*", "t.*"]\n');
}

async function list(query = "") {
  const answer = await fetch(`${service.adminUrl}/admin/subscriptions${query}`);
  return subscriptionsSchema.strict().parse(await answer.json());
}

async function cleanUp(body?: object) {
  const answer = await fetch(`${service.adminUrl}/admin/cleanup-subscriptions`, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return cleanupSubscriptionsResultSchema.strict().parse(await answer.json());
}

/** Nothing covers `old.*` from here on. */
async function retireOld() {
  writeFileSync(service.configFile, 'publish:\n  allow: ["t.*"]\n');
  await fetch(`${service.adminUrl}/admin/reload-config`, { method: "POST" });
}

test("lists topics with who holds them and what they brought", async () => {
  await start();
  const client = await service.client();
  for (const n of [1, 2, 3]) service.publish("t.a", n);
  service.publish("t.b", 1);
  await client.subscribe("t.*");
  await client.subscribe("t.a");
  await client.subscribe("t.waiting");
  const { topics, total, next_cursor } = await list();
  expect({ total, next_cursor }).toEqual({ total: 3, next_cursor: null });
  expect(topics).toMatchObject([
    { topic: "t.a", subscribers: 1, pattern_subscribers: 0, seq: 3, history_messages: 3, invalid: null },
    { topic: "t.b", subscribers: 1, pattern_subscribers: 1, seq: 1, history_messages: 1, invalid: null },
    { topic: "t.waiting", subscribers: 1, seq: 0, age_seconds: null, last_message_at_ms: null },
  ]);
});

test("filters, sorts and pages", async () => {
  await start();
  const client = await service.client();
  for (const [index, topic] of ["t.a", "t.b", "t.c"].entries()) {
    for (let n = 0; n <= index; n++) service.publish(topic, n);
  }
  await client.subscribe("t.b");
  const names = async (query: string) => (await list(query)).topics.map(({ topic }) => topic);
  expect(await names("?subscribed=true")).toEqual(["t.b"]);
  expect(await names("?subscribed=false")).toEqual(["t.a", "t.c"]);
  expect(await names("?q=.c")).toEqual(["t.c"]);
  expect(await names("?sort=seq&order=desc")).toEqual(["t.c", "t.b", "t.a"]);
  const first = await list("?limit=2");
  expect(first).toMatchObject({ total: 3, next_cursor: "2" });
  expect(await names(`?limit=2&cursor=${first.next_cursor}`)).toEqual(["t.c"]);
  expect((await fetch(`${service.adminUrl}/admin/subscriptions?cursor=x`)).status).toBe(400);
});

test("subscriptions to what nothing covers any more are told, tried and cleared", async () => {
  await start();
  const client = await service.client();
  const said = transcript(client);
  for (const topic of ["old.a", "t.a"]) await client.subscribe(topic);
  await retireOld();
  expect((await list("?invalid=true")).topics).toMatchObject([{ topic: "old.a", invalid: "no_such_topic" }]);
  const tried = await cleanUp({ dry_run: true });
  expect(tried).toEqual({
    dry_run: true,
    candidates: { total: 1, no_such_topic: 1, no_publisher: 0, dead_owner: 0 },
    cleared: 0,
    topics: [{ topic: "old.a", subscriptions: 1, why: "no_such_topic" }],
  });
  expect((await cleanUp({ kinds: ["no_publisher", "dead_owner"] })).cleared).toBe(0);
  expect(await cleanUp()).toEqual({ ...tried, dry_run: false, cleared: 1 });
  expect(await until(() => said.find(({ op }) => op === "unsubscribed"))).toEqual({
    op: "unsubscribed",
    topic: "old.a",
    reason: "cleaned_up",
  });
  expect(service.stats().subscriptions.active_subscriptions).toBe(1);
  expect((await list("?invalid=true")).topics).toEqual([]);
});

test("a topic that was silent for long has no publisher", async () => {
  await start();
  const client = await service.client();
  service.publish("t.a", 1);
  await client.subscribe("t.a");
  await client.subscribe("t.waiting");
  expect((await list("?invalid=true")).topics).toEqual([]);
  await until(async () => {
    const { candidates } = await cleanUp({ no_publisher_after_seconds: 0.05, dry_run: true });
    return candidates.no_publisher === 2;
  });
  expect((await cleanUp({ no_publisher_after_seconds: 0.05, topic: "t.a" })).topics).toEqual([
    { topic: "t.a", subscriptions: 1, why: "no_publisher" },
  ]);
  expect((await list("?subscribed=true")).topics.map(({ topic }) => topic)).toEqual(["t.waiting"]);
});

test("of a topic with a dead owner only the dead one's subscription ends", async () => {
  await start({ HEARTBEAT_INTERVAL: "5", PING_TIMEOUT: "6" });
  const dead = await service.client({ socket: { autoPong: false } });
  const living = await service.client();
  for (const client of [dead, living]) await client.subscribe("t.a");
  const row = await until(async () => (await list("?invalid=true")).topics[0], 20_000);
  expect(row).toMatchObject({ topic: "t.a", subscribers: 2, dead_subscribers: 1, invalid: "dead_owner" });
  expect(await cleanUp()).toMatchObject({ cleared: 1, candidates: { dead_owner: 1 } });
  expect((await list()).topics).toMatchObject([{ subscribers: 1, dead_subscribers: 0, invalid: null }]);
}, 30_000);

test("no more than asked for end, and the connection tells what became of it", async () => {
  await start();
  const clients = [await service.client(), await service.client()];
  for (const client of clients) await client.subscribe("old.a");
  await retireOld();
  expect(await cleanUp({ max: 1 })).toMatchObject({ cleared: 1, candidates: { total: 1 } });
  expect((await list()).topics).toMatchObject([{ subscribers: 1 }]);
  const rows = (await (await fetch(`${service.adminUrl}/admin/connections`)).json()) as { id: string }[];
  const details = await Promise.all(
    rows.map(async ({ id }) => (await fetch(`${service.adminUrl}/admin/connections/${id}`)).json()),
  );
  expect(details.map(({ events }) => events.map((each: { event: string }) => each.event))).toContainEqual([
    "unsubscribed",
    "subscribed",
  ]);
});
