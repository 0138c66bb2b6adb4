import { afterEach, expect, test } from "vitest";
import type { Environment } from "../config/environment";
import { startTestService, type TestService, until } from "../test-service";
import { transcript } from "./test-transcript";

let service: TestService;
afterEach(() => service.end());

async function fed(count: number, env: Environment = {}) {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "a,b,t.*", ...env });
  for (let n = 1; n <= count; n++) service.publish("a", n);
  const client = await service.client();
  const { epoch } = (await client.request({ op: "subscribe", topic: "b" })) as unknown as { epoch: string };
  return { client, said: transcript(client), epoch };
}

test("what was missed comes at once and in order, then the updates", async () => {
  const { client, said, epoch } = await fed(10);
  const answer = client.request({ op: "subscribe", topic: "a", since: { epoch, seq: 6 } });
  service.publish("a", 11);
  expect(await answer).toMatchObject({ ok: true, epoch, recovered: true });
  service.publish("a", 12);
  await until(() => said.at(-1)?.seq === 12);
  const seqs = said.filter((each) => each.id === undefined).map(({ seq }) => seq);
  expect(seqs).toEqual([7, 8, 9, 10, 11, 12]);
  expect(said.find(({ id }) => id !== undefined)).toBe(said[0]);
  expect(service.stats().subscriptions).toMatchObject({ recovered_total: 1, gaps_total: 0 });
});

test("a client that missed nothing gets nothing", async () => {
  const { client, said, epoch } = await fed(10);
  expect(await client.request({ op: "subscribe", topic: "a", since: { epoch, seq: 10 } })).toMatchObject({
    seq: 10,
    recovered: true,
    replayed: 0,
  });
  await client.request({ op: "ping" });
  expect(said.filter(({ topic, id }) => topic === "a" && id === undefined)).toEqual([]);
});

test.each([
  ["another epoch", { epoch: "gone", seq: 9 }, { reason: "epoch_changed", from_seq: 1, to_seq: 9 }],
  ["a number that never was", { seq: 11 }, { reason: "ahead", from_seq: 1, to_seq: 9 }],
  ["more than is kept", { seq: 5 }, { reason: "history_too_short", from_seq: 6, to_seq: 9 }],
])("%s is told as a gap, and the last value follows", async (_name, since, gap) => {
  const { client, said, epoch } = await fed(10, { WEBSOCKET_HISTORY_MESSAGES: "3" });
  const answer = await client.request({ op: "subscribe", topic: "a", since: { epoch, ...since } });
  expect(answer).toMatchObject({ ok: true, recovered: false });
  await until(() => said.length >= 3);
  expect(said.slice(1)).toEqual([
    { op: "gap", topic: "a", epoch, ...gap },
    { topic: "a", seq: 10, ts: expect.any(Number), data: 10 },
  ]);
  expect(service.stats().subscriptions.gaps_total).toBe(1);
});

test("what would overfill the client's queue is a gap and not conflated away", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "a", WEBSOCKET_OUTBOUND_MAX_BYTES: "2000" });
  for (let n = 1; n <= 10; n++) service.publish("a", "x".repeat(300));
  const client = await service.client();
  const said = transcript(client);
  const { epoch } = await client.request({ op: "subscribe", topic: "a" });
  await client.request({ op: "unsubscribe", topic: "a" });
  said.length = 0;
  await client.request({ op: "subscribe", topic: "a", since: { epoch, seq: 2 } });
  await until(() => said.length === 3);
  expect(said.slice(1)).toMatchObject([
    { op: "gap", from_seq: 3, to_seq: 9, reason: "outbound_full" },
    { seq: 10 },
  ]);
  await client.request({ op: "unsubscribe", topic: "a" });
  said.length = 0;
  await client.request({ op: "subscribe", topic: "a", since: { epoch, seq: 6 } });
  await until(() => said.length === 5);
  expect(said.slice(1).map(({ seq }) => seq)).toEqual([7, 8, 9, 10]);
});

test("a pattern takes the numbers of its topics and recovers each", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "t.*" });
  for (let n = 1; n <= 3; n++) for (const topic of ["t.a", "t.b", "t.c"]) service.publish(topic, n);
  const client = await service.client();
  const said = transcript(client);
  const { epoch } = await client.request({ op: "subscribe", topic: "t.a" });
  await client.request({ op: "unsubscribe", topic: "t.a" });
  said.length = 0;
  const since = { epoch, seqs: { "t.a": 1, "t.b": 3, __proto__x: 4 } };
  expect(await client.request({ op: "subscribe", topic: "t.*", since })).toMatchObject({
    ok: true,
    topics: 3,
    recovered: true,
    replayed: 2,
  });
  await client.request({ op: "ping" });
  const got = said.filter(({ id }) => id === undefined).map(({ topic, seq }) => `${topic} ${seq}`);
  expect(got).toEqual(["t.a 2", "t.a 3", "t.c 3"]);
});

test.each([
  ["a", { seqs: { a: 1 } }],
  ["t.*", { seq: 1 }],
  ["a", { seq: -1 }],
  ["a", { seq: 1.5 }],
  ["t.*", { seqs: ["a"] }],
  ["t.*", { seqs: { a: "1" } }],
])("%s with since %j is refused", async (topic, since) => {
  const { client, epoch } = await fed(0);
  const answer = await client.request({ op: "subscribe", topic, since: { epoch, ...since } });
  expect(answer.error).toMatchObject({ code: "INVALID_REQUEST", message: expect.stringMatching(/^since/) });
});
