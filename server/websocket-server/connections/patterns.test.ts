import { afterEach, expect, test } from "vitest";
import type { Environment } from "../config/environment";
import { startTestService, type TestService, until } from "../test-service";
import { transcript } from "./test-transcript";

let service: TestService;
afterEach(() => service.end());

async function connected(env: Environment = {}) {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "t.*", ...env });
  const client = await service.client();
  const said = transcript(client);
  const ask = (op: string, topic: string) => client.request({ op, topic });
  /** What came besides answers, once all that was published is there. */
  const updates = async () => {
    await client.request({ op: "ping" });
    return said
      .filter(({ id, op }) => id === undefined && op === undefined)
      .map(({ topic, data }) => `${topic}=${data}`);
  };
  return { client, said, ask, updates };
}

test("a pattern brings the last values of what it covers, and topics that come later", async () => {
  const { ask, updates } = await connected();
  service.publish("t.a", 1);
  expect(await ask("subscribe", "t.*")).toMatchObject({ ok: true, topic: "t.*", topics: 1 });
  service.publish("t.b", 2);
  service.publish("t.a", 3);
  await until(async () => (await updates()).length === 3);
  expect(await updates()).toEqual(["t.a=1", "t.b=2", "t.a=3"]);
});

test("a topic held by name and by two patterns comes once, until the last of them goes", async () => {
  const { ask, updates, client } = await connected();
  service.publish("t.a", 1);
  await ask("subscribe", "t.*");
  expect(await ask("subscribe", "t.a")).toMatchObject({ ok: true, held: true });
  await ask("subscribe", "*.a");
  service.publish("t.a", 2);
  expect(await ask("unsubscribe", "t.*")).toMatchObject({ ok: true });
  service.publish("t.a", 3);
  expect(await ask("unsubscribe", "t.a")).toMatchObject({ ok: true, by_pattern: true });
  service.publish("t.a", 4);
  await until(async () => (await updates()).length === 4);
  expect(service.stats().subscriptions.active_subscriptions).toBe(1);
  await ask("unsubscribe", "*.a");
  expect(service.stats().subscriptions.active_subscriptions).toBe(0);
  service.publish("t.a", 5);
  await ask("subscribe", "t.a");
  await until(async () => (await updates()).length === 5);
  expect(await updates()).toEqual(["t.a=1", "t.a=2", "t.a=3", "t.a=4", "t.a=5"]);
  await client.close();
  await until(() => service.stats().subscriptions.active_subscriptions === 0);
});

test("a pattern that covers more than the connection may hold is refused as a whole", async () => {
  const { ask } = await connected({ WEBSOCKET_SUBSCRIPTIONS_MAX_PER_CONNECTION: "2" });
  for (const topic of ["t.a", "t.b", "t.c"]) service.publish(topic, 1);
  expect((await ask("subscribe", "t.*")).error?.code).toBe("TOO_MANY_SUBSCRIPTIONS");
  expect(service.stats().subscriptions.active_subscriptions).toBe(0);
  service.publish("t.d", 1);
  expect(await ask("subscribe", "t.d*")).toMatchObject({ topics: 1 });
});

test("a new topic that exceeds the limit is named, and asked for again once there is room", async () => {
  const { ask, said, updates } = await connected({ WEBSOCKET_SUBSCRIPTIONS_MAX_PER_CONNECTION: "2" });
  await ask("subscribe", "t.*");
  for (const topic of ["t.a", "t.b", "t.c"]) service.publish(topic, 1);
  const notice = await until(() => said.find(({ op }) => op === "unsubscribed"));
  expect(notice).toEqual({ op: "unsubscribed", topic: "t.c", reason: "too_many_subscriptions" });
  service.publish("t.c", 2);
  expect((await ask("subscribe", "t.*")).error?.code).toBe("TOO_MANY_SUBSCRIPTIONS");
  expect(await updates()).toEqual(["t.a=1", "t.b=1"]);
});

test("patterns have limits of their own and can be switched off", async () => {
  const { ask } = await connected({ WEBSOCKET_SUBSCRIPTIONS_MAX_PATTERNS_PER_CONNECTION: "2" });
  expect(await ask("subscribe", "t.*")).toMatchObject({ ok: true, topics: 0 });
  expect(await ask("subscribe", "t.*")).toMatchObject({ ok: true, held: true });
  await ask("subscribe", "a*");
  expect((await ask("subscribe", "b*")).error?.code).toBe("TOO_MANY_PATTERNS");
  await ask("unsubscribe", "a*");
  expect(await ask("subscribe", "b*")).toMatchObject({ ok: true });
  expect((await ask("subscribe", "b *")).error?.code).toBe("INVALID_TOPIC");
  expect((await ask("subscribe", "t a")).error?.code).toBe("INVALID_TOPIC");
});

test("where patterns are off they are refused", async () => {
  const { ask } = await connected({ WEBSOCKET_SUBSCRIPTIONS_PATTERNS: "false" });
  expect((await ask("subscribe", "t.*")).error?.code).toBe("PATTERNS_NOT_ALLOWED");
});

test("topics that clients made and nobody names any more are forgotten, and the room is free again", async () => {
  const { client, ask } = await connected({
    WEBSOCKET_PUBLISH_MAX_TOPICS: "2",
    WEBSOCKET_PUBLISH_FORGET_AFTER: "1",
  });
  await ask("subscribe", "t.kept");
  for (const topic of ["t.kept", "t.b"]) expect(await client.publish(topic, 1)).toMatchObject({ ok: true });
  expect((await client.publish("t.c", 1)).error?.code).toBe("TOO_MANY_TOPICS");
  await until(async () => (await client.publish("t.c", 1)).ok);
  expect((await client.publish("t.d", 1)).error?.code).toBe("TOO_MANY_TOPICS");
  expect(await client.publish("t.kept", 2)).toMatchObject({ ok: true, seq: 2 });
});
