import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import WebSocket from "ws";
import type { DataMessage } from "../../websocket-client/client";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
afterEach(() => service?.end());

/** The status and body that a handshake is refused with. */
async function refusal(url: string, options: WebSocket.ClientOptions = {}) {
  const socket = new WebSocket(url, options);
  socket.on("error", () => {});
  const [, response] = (await once(socket, "unexpected-response")) as [
    unknown,
    import("node:http").IncomingMessage,
  ];
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(body) };
}

async function rawExchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

test("greets with its limits, sends the last value at once and then every update in order", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  service.publish("chat.a", { n: 1 });
  service.publish("chat.a", { n: 2 });
  const client = await service.client();
  const received: DataMessage[] = [];
  client.onMessage((message) => received.push(message));
  const answer = await client.subscribe("chat.a");
  expect(answer).toMatchObject({ ok: true, topic: "chat.a", seq: 2 });
  expect(answer.epoch).toBe(service.stats().server.epoch);
  for (let n = 3; n <= 50; n++) service.publish("chat.a", { n });
  await until(() => received.length === 49);
  expect(received.map((message) => message.seq)).toEqual(Array.from({ length: 49 }, (_, i) => i + 2));
  expect(received.map((message) => (message.data as { n: number }).n)).toEqual(received.map((m) => m.seq));
});

test("the welcome names connection, server, epoch, heartbeat and limits", async () => {
  service = await startTestService({ WEBSOCKET_SERVER_ID: "ws-a" });
  const socket = new WebSocket(`${service.websocketUrl}ws`);
  const [data] = await once(socket, "message");
  expect(JSON.parse(String(data))).toEqual({
    op: "welcome",
    connection_id: expect.stringMatching(/^c-/),
    server_id: "ws-a",
    epoch: service.stats().server.epoch,
    heartbeat_interval: 30,
    limits: {
      max_bytes: 1_048_576,
      max_messages_per_second: 100,
      max_subscriptions: 1_000,
      max_patterns: 20,
    },
  });
  socket.terminate();
});

test("someone who subscribes between a publish and its flush gets that message once", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  const client = await service.client();
  const received: number[] = [];
  client.onMessage((message) => received.push(message.seq));
  client.socket?.send('{"op":"publish","topic":"chat.a","data":1}');
  client.socket?.send('{"op":"subscribe","topic":"chat.a"}');
  client.socket?.send('{"op":"publish","topic":"chat.a","data":2}');
  await until(() => received.includes(2));
  expect(received).toEqual([1, 2]);
});

test("after unsubscribing no further update comes", async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  const client = await service.client();
  const received: DataMessage[] = [];
  client.onMessage((message) => received.push(message));
  await client.subscribe("chat.a");
  await client.subscribe("chat.b");
  await client.unsubscribe("chat.a");
  service.publish("chat.a", 1);
  service.publish("chat.b", 1);
  await until(() => received.length > 0);
  expect(received.map((message) => message.topic)).toEqual(["chat.b"]);
  expect(service.stats().subscriptions).toMatchObject({ active_subscriptions: 1, subscribed_topics: 1 });
});

test("refuses unknown topics, too many topics and publishing that is not allowed, and says so by id", async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_SUBSCRIPTIONS_MAX_PER_CONNECTION: "1",
    WEBSOCKET_PUBLISH_MAX_TOPICS: "1",
  });
  const client = await service.client();
  expect((await client.subscribe("nothing.here")).error?.code).toBe("UNKNOWN_TOPIC");
  expect((await client.subscribe("chat.a")).ok).toBe(true);
  expect((await client.subscribe("chat.a")).ok).toBe(true);
  expect((await client.subscribe("chat.b")).error?.code).toBe("TOO_MANY_SUBSCRIPTIONS");
  expect((await client.publish("news.a", 1)).error?.code).toBe("PUBLISH_NOT_ALLOWED");
  expect((await client.publish("chat.\u0000", 1)).error?.code).toBe("INVALID_TOPIC");
  expect((await client.publish("chat.a", 1)).ok).toBe(true);
  expect((await client.publish("chat.b", 1)).error?.code).toBe("TOO_MANY_TOPICS");
  expect((await client.request({ op: "ping" })).ok).toBe(true);
  expect(service.stats().messages.rejected_total).toBe(5);
});

test("a message above the size limit closes with 1009, a binary one with 1003", async () => {
  service = await startTestService({ WEBSOCKET_MESSAGES_MAX_BYTES: "1000" });
  const big = await service.client();
  big.socket?.send(JSON.stringify({ op: "ping", filler: "x".repeat(2_000) }));
  expect((await once(big.socket as WebSocket, "close"))[0]).toBe(1009);
  const binary = await service.client();
  binary.socket?.send(Buffer.from("{}"), { binary: true });
  expect((await once(binary.socket as WebSocket, "close"))[0]).toBe(1003);
  await until(() => service.stats().connections.closed_total === 2);
  expect(service.stats().connections).toMatchObject({
    closed_by_code: { 1003: 1, 1009: 1 },
    closed_by_side: { server: 2, client: 0, lost: 0 },
  });
});

test("a client above the message rate is refused, and one that floods on is closed with 1008", async () => {
  service = await startTestService({ WEBSOCKET_MESSAGES_MAX_PER_SECOND: "5" });
  const client = await service.client();
  const answers = await Promise.all(Array.from({ length: 12 }, () => client.request({ op: "ping" })));
  expect(answers.filter((answer) => answer.error?.code === "RATE_LIMITED").length).toBeGreaterThan(0);
  for (let i = 0; i < 100; i++) client.socket?.send('{"op":"ping"}');
  expect((await once(client.socket as WebSocket, "close"))[0]).toBe(1008);
});

test("at level debug the log follows what each client asks for, at info it does not", async () => {
  service = await startTestService({ LOG_LEVEL: "debug", WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  const client = await service.client();
  await client.subscribe("chat.a");
  await client.unsubscribe("chat.a");
  await client.subscribe("nothing.feeds.this");
  const { logText } = service;
  await until(() => /DEBUG request refused id=\S+ code=UNKNOWN_TOPIC/.test(logText()));
  expect(logText()).toMatch(/DEBUG subscribed id=\S+ topic=chat\.a\n/);
  expect(logText()).toMatch(/DEBUG unsubscribed id=\S+ topic=chat\.a\n/);
  await service.end();
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  await (await service.client()).subscribe("chat.a");
  await until(() => service.logText().includes("INFO"));
  expect(service.logText()).not.toContain("DEBUG");
});

test("beyond the connection limit a handshake gets 503, Retry-After, a code, and the log says it", async () => {
  service = await startTestService({ MAX_CONNECTIONS: "1" });
  await service.client();
  const { status, headers, body } = await refusal(service.websocketUrl);
  expect(status).toBe(503);
  expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  expect(body.error.code).toBe("MAX_CONNECTIONS_EXCEEDED");
  expect(service.stats().connections.refused_by_reason).toEqual({ MAX_CONNECTIONS_EXCEEDED: 1 });
  await until(() => /WARN {2}connection refused reason=MAX_CONNECTIONS_EXCEEDED/.test(service.logText()));
});

test("origins are matched exactly, addresses are limited, other paths are unknown", async () => {
  service = await startTestService({
    WEBSOCKET_CONNECTIONS_ORIGINS: "https://app.example",
    WEBSOCKET_CONNECTIONS_MAX_PER_IP: "1",
  });
  const url = service.websocketUrl;
  for (const origin of ["https://evil.example", "https://app.example.evil", "http://app.example", "null"]) {
    expect(await refusal(url, { origin })).toMatchObject({
      status: 403,
      body: { error: { code: "CROSS_ORIGIN" } },
    });
  }
  expect(await refusal(`${url}admin`)).toMatchObject({ status: 404 });
  await service.client({ socket: { origin: "https://app.example" } });
  expect(await refusal(url)).toMatchObject({
    status: 429,
    body: { error: { code: "TOO_MANY_CONNECTIONS_FROM_IP" } },
  });
});

test("a handshake without Host or with a bad key gets 400, a plain request 426", async () => {
  service = await startTestService();
  const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const port = service.websocketPort;
  expect(await rawExchange(port, `GET / HTTP/1.1\r\n${upgrade}${key}\r\n`)).toMatch(/^HTTP\/1.1 400 /);
  const guide = `GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}Sec-WebSocket-Key: test\r\n\r\n`;
  expect(await rawExchange(port, guide)).toMatch(/^HTTP\/1.1 400 /);
  expect(await rawExchange(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).toMatch(/^HTTP\/1.1 426 /);
});

test("another protocol version than 13 is answered with 426 and the right one", async () => {
  service = await startTestService();
  const old = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n";
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const answer = await rawExchange(
    service.websocketPort,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${old}${key}\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 426 [\s\S]*Sec-WebSocket-Version: 13\r\n/);
});

test("a socket that never finishes its handshake is cut, silent or dripping", async () => {
  service = await startTestService({ WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "0.2" });
  const silent = connect(service.websocketPort, "127.0.0.1").on("error", () => {});
  const dripping = connect(service.websocketPort, "127.0.0.1").on("error", () => {});
  dripping.write("GET / HTTP/1.1\r\nHost: a\r\n");
  silent.resume();
  dripping.resume();
  await Promise.all([once(silent, "close"), once(dripping, "close")]);
  expect(service.stats().connections.refused_by_reason).toEqual({ HANDSHAKE_TIMEOUT: 2 });
});

test("closes are counted by code and side, and listed newest first with their reason", async () => {
  service = await startTestService();
  const polite = await service.client();
  await polite.close(3001, "done\nERROR forged");
  await until(() => service.stats().connections.closed_total === 1);
  const lost = await service.client();
  lost.socket?.terminate();
  await until(() => service.stats().connections.closed_total === 2);
  expect(service.stats().connections).toMatchObject({
    closed_by_code: { 1006: 1, 3001: 1 },
    closed_by_side: { client: 1, server: 0, lost: 1 },
    active_connections: 0,
  });
  const response = await fetch(`${service.adminUrl}/admin/closed-connections`);
  const { closes, lifetimes } = await response.json();
  expect(closes.map((close: { code: number }) => close.code)).toEqual([1006, 3001]);
  expect(closes[1].reason).toBe("done\nERROR forged");
  expect(lifetimes.counts.reduce((a: number, b: number) => a + b)).toBe(2);
});

test("whatever a client sends, the connection and the service live on and every id gets its answer", async () => {
  service = await startTestService({ WEBSOCKET_MESSAGES_MAX_PER_SECOND: "1000000" });
  const client = await service.client();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
      client.socket?.send(text);
      expect((await client.request({ op: "ping" })).ok).toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(service.stats().connections.active_connections).toBe(1);
});

test("a stop says goodbye with 1001 to everyone and refuses newcomers", async () => {
  service = await startTestService();
  const clients = await Promise.all(Array.from({ length: 20 }, () => service.client()));
  const goodbyes: Record<string, unknown>[] = [];
  const codes: number[] = [];
  for (const client of clients) {
    client.socket?.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.op === "goodbye") goodbyes.push(message);
    });
    client.on("close", (code) => codes.push(code));
  }
  await service.stop();
  await until(() => codes.length === 20);
  expect(new Set(codes)).toEqual(new Set([1001]));
  expect(goodbyes).toHaveLength(20);
  expect(goodbyes[0]).toMatchObject({ code: 1001, retry_after_ms: expect.any(Number) });
  await expect(service.client()).rejects.toThrow();
});
