import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { startTestService, type TestService, until } from "../websocket-server/test-service";
import { type DataMessage, type Gap, WebsocketClient, type WebsocketClientOptions } from "./client";

const backoff = { firstMs: 1, longestMs: 5 };
const ends: (() => unknown)[] = [];
let service: TestService;
beforeEach(async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "a,b,t.*", WEBSOCKET_HISTORY_MESSAGES: "10" });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await service.end();
});

/** A client that comes back by itself, and what it told. */
async function connected(options: Partial<WebsocketClientOptions> = {}) {
  const client = new WebsocketClient({ url: service.websocketUrl, backoff, ...options });
  ends.push(() => client.close());
  const messages: DataMessage[] = [];
  const gaps: Gap[] = [];
  const recovered: [topic: string, replayed: number][] = [];
  const duplicates: number[] = [];
  client.onMessage((message) => messages.push(message));
  client.on("gap", (gap) => gaps.push(gap));
  client.on("recovered", (...each) => recovered.push(each));
  client.on("duplicate", (_topic, seq) => duplicates.push(seq));
  await client.connect();
  const seqs = (topic: string) => messages.filter((each) => each.topic === topic).map(({ seq }) => seq);
  return { client, messages, gaps, recovered, duplicates, seqs };
}

function publish(topic: string, count: number) {
  for (let n = 0; n < count; n++) service.publish(topic, n);
}

/** A server that does what it is told at each connection. */
async function listen(onConnection: (socket: WebSocket, number: number) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  ends.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  let number = 0;
  server.on("connection", (socket) => onConnection(socket, ++number));
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

test("goes on after a lost connection without a hole or a double", async () => {
  const { client, gaps, recovered, duplicates, seqs } = await connected();
  publish("a", 3);
  await client.subscribe("a");
  publish("a", 2);
  await until(() => seqs("a").length === 3);
  client.socket?.terminate();
  publish("a", 4);
  await until(() => seqs("a").length === 7);
  publish("a", 1);
  await until(() => seqs("a").length === 8);
  expect(seqs("a")).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect({ gaps, duplicates }).toEqual({ gaps: [], duplicates: [] });
  expect(recovered).toEqual([["a", 4]]);
  expect(client.seen("a")).toMatchObject({ seq: 10 });
});

test("a pattern goes on in each of its topics, those included that came meanwhile", async () => {
  const { client, gaps, seqs } = await connected();
  publish("t.a", 2);
  await client.subscribe("t.*");
  publish("t.b", 1);
  await until(() => seqs("t.b").length === 1);
  client.socket?.terminate();
  publish("t.a", 2);
  publish("t.b", 2);
  publish("t.c", 1);
  await until(() => seqs("t.c").length === 1 && seqs("t.b").length === 3);
  expect([seqs("t.a"), seqs("t.b"), seqs("t.c")]).toEqual([[2, 3, 4], [1, 2, 3], [1]]);
  expect(gaps).toEqual([]);
});

test("what is no longer kept is told as a gap", async () => {
  const { client, gaps, seqs } = await connected();
  publish("a", 1);
  await client.subscribe("a");
  await until(() => seqs("a").length === 1);
  client.socket?.terminate();
  publish("a", 20);
  await until(() => seqs("a").length === 2);
  expect(seqs("a")).toEqual([1, 21]);
  expect(gaps).toMatchObject([{ topic: "a", fromSeq: 2, toSeq: 20, reason: "history_too_short" }]);
});

test("a service that lost its numbers is told as a gap", async () => {
  const other = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "a" });
  ends.push(() => other.end());
  const { client, gaps, seqs } = await connected({ url: [service.websocketUrl, other.websocketUrl] });
  publish("a", 5);
  await client.subscribe("a");
  await until(() => seqs("a").length === 1);
  other.publish("a", 1);
  client.socket?.terminate();
  await until(() => seqs("a").length === 2);
  expect(seqs("a")).toEqual([5, 1]);
  expect(gaps).toMatchObject([{ topic: "a", toSeq: 0, reason: "epoch_changed" }]);
});

test("goes on from what an earlier client saw", async () => {
  const { client, seqs } = await connected();
  publish("a", 5);
  const { epoch } = await client.subscribe("b");
  await client.subscribe("a", { epoch: String(epoch), seq: 2 });
  await until(() => seqs("a").length === 3);
  expect(seqs("a")).toEqual([3, 4, 5]);
});

test("a hole without a word and a message that comes twice are told", async () => {
  const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));
  const url = await listen((socket) => {
    say(socket, { op: "welcome", epoch: "e", heartbeat_interval: 30 });
    socket.on("message", (text) => {
      const { id, topic } = JSON.parse(String(text));
      say(socket, { id, ok: true, topic, epoch: "e", seq: 4 });
      for (const seq of [4, 5, 5, 8]) say(socket, { topic, seq, ts: 0, data: null });
    });
  });
  const { client, gaps, duplicates, seqs } = await connected({ url });
  await client.subscribe("a");
  await until(() => seqs("a").length === 3);
  expect(seqs("a")).toEqual([4, 5, 8]);
  expect(duplicates).toEqual([5]);
  expect(gaps).toEqual([{ topic: "a", epoch: "e", fromSeq: 6, toSeq: 7, reason: "conflated" }]);
});

test("an unsubscribed topic does not come back with the connection", async () => {
  const { client, seqs } = await connected();
  await client.subscribe("a");
  await client.subscribe("b");
  await client.unsubscribe("a");
  client.socket?.terminate();
  await until(() => service.stats().subscriptions.subscribed_total === 3);
  publish("a", 1);
  publish("b", 1);
  await until(() => seqs("b").length === 1);
  expect(seqs("a")).toEqual([]);
});

test("many topics come back no faster than the service takes them", async () => {
  const limited = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "t.*",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "40",
  });
  ends.push(() => limited.end());
  const { client } = await connected({ url: limited.websocketUrl });
  const names = Array.from({ length: 50 }, (_, n) => `t.${n}`);
  for (const name of names) {
    await until(async () => (await client.subscribe(name)).ok);
  }
  const rejected = limited.stats().messages.rejected_total;
  await until(() => limited.stats().subscriptions.active_subscriptions === 50);
  client.socket?.terminate();
  await until(() => limited.stats().subscriptions.subscribed_total === 100);
  expect(limited.stats().messages.rejected_total).toBe(rejected);
});

test("requests end: with the connection, with their time, and when there are too many", async () => {
  const url = await listen(() => {});
  const { client } = await connected({ url, requestTimeoutMs: 20, reconnect: false });
  await expect(client.request({ op: "ping" })).rejects.toThrow("no answer within 20 ms");
  const many = Array.from({ length: 1_001 }, () => client.request({ op: "ping" }));
  const settled = Promise.allSettled(many);
  await expect(many.at(-1)).rejects.toThrow("too many requests under way");
  client.socket?.terminate();
  await settled;
  await expect(client.request({ op: "ping" })).rejects.toThrow("not connected");
});

test("a request that is under way when the connection is lost is rejected", async () => {
  const { client } = await connected({ reconnect: false });
  const answer = client.request({ op: "ping" });
  client.socket?.terminate();
  await expect(answer).rejects.toThrow("connection lost");
});

test("without reconnect a refused connection is told at once", async () => {
  await expect(connected({ url: "ws://127.0.0.1:1/", reconnect: false })).rejects.toThrow(/ECONNREFUSED/);
});

test("moves on to the next address when one fails", async () => {
  const { client } = await connected({ url: ["ws://127.0.0.1:1/", service.websocketUrl] });
  expect(client.connected).toBe(true);
});

test("a server that falls silent is left", async () => {
  let connections = 0;
  const url = await listen((socket, number) => {
    connections = number;
    socket.send(JSON.stringify({ op: "welcome", epoch: "e", heartbeat_interval: 0.02 }));
  });
  await connected({ url });
  await until(() => connections >= 2);
});

test("a server that pings is not silent", async () => {
  let connections = 0;
  let pings = 0;
  const url = await listen((socket, number) => {
    connections = number;
    socket.send(JSON.stringify({ op: "welcome", epoch: "e", heartbeat_interval: 0.2 }));
    const timer = setInterval(() => socket.ping(() => pings++), 10);
    socket.on("close", () => clearInterval(timer));
  });
  await connected({ url });
  await until(() => pings > 100);
  expect(connections).toBe(1);
});

test.each(["not json", "null", "7"])("a server that says %s ends that connection only", async (text) => {
  let connections = 0;
  const url = await listen((socket, number) => {
    connections = number;
    if (number === 1) socket.send(text);
  });
  await connected({ url });
  await until(() => connections >= 2);
});
