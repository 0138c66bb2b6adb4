import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closePayload, type FrameParts, frame, opcodes, RawWebsocket } from "../../testing/raw-websocket";
import type { WebsocketClient } from "../../websocket-client/client";
import { startTestService, type TestService, until } from "../test-service";

const { text, binary, continuation, ping, pong, close } = opcodes;
const repeat = (count: number, ...parts: FrameParts[]) =>
  Buffer.concat(Array.from({ length: count }, () => Buffer.concat(parts.map(frame))));
const request = (value: object): FrameParts => ({ opcode: text, payload: JSON.stringify(value) });
const topic = "chat.flooded";

let service: TestService;
let witness: WebsocketClient;
let seen: number[];

beforeEach(async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "20",
    WEBSOCKET_MESSAGES_TIMEOUT: "0.2",
  });
  witness = await service.client();
  seen = [];
  witness.onMessage(({ seq }) => seen.push(seq));
  await witness.subscribe("chat.a");
});
afterEach(() => service?.end());

const bomb = deflateRawSync(Buffer.alloc(64 * 1_048_576));

const floods: [name: string, bytes: Buffer, code: number, reason: RegExp][] = [
  ["pings", repeat(500, { opcode: ping, payload: "x".repeat(125) }), 1008, /control frames/],
  ["pongs", repeat(500, { opcode: pong }), 1008, /control frames/],
  [
    "control frames between fragments",
    Buffer.concat([
      frame({ opcode: text, payload: "x", final: false }),
      repeat(100, { opcode: ping }, { opcode: continuation, payload: "x", final: false }, { opcode: pong }),
    ]),
    1008,
    /control frames/,
  ],
  ["empty messages", repeat(5_000, { opcode: text }), 1008, /message rate/],
  ["messages that are no JSON", repeat(5_000, { opcode: text, payload: "{" }), 1008, /message rate/],
  [
    "subscribes and unsubscribes",
    repeat(2_000, request({ op: "subscribe", topic }), request({ op: "unsubscribe", topic })),
    1008,
    /message rate/,
  ],
  ["publishes", repeat(5_000, request({ op: "publish", topic, data: 1 })), 1008, /message rate/],
  [
    "tiny fragments",
    Buffer.concat([
      frame({ opcode: text, payload: "x", final: false }),
      repeat(2_000, { opcode: continuation, payload: "x", final: false }),
    ]),
    1008,
    /fragments/,
  ],
  [
    "empty fragments",
    Buffer.concat([
      frame({ opcode: text, final: false }),
      repeat(2_000, { opcode: continuation, final: false }),
    ]),
    1008,
    /fragments/,
  ],
  [
    "fragments of 64 KiB over 1 MiB together",
    Buffer.concat([
      frame({ opcode: binary, payload: Buffer.alloc(65_536), final: false }),
      repeat(16, { opcode: continuation, payload: Buffer.alloc(65_536), final: false }),
    ]),
    1009,
    /too big/,
  ],
  [
    "a message of 1 GiB, announced",
    frame({ opcode: text, length: 1n << 30n, lengthBytes: 8 }),
    1009,
    /too big/,
  ],
  ["a message that never ends", frame({ opcode: text, payload: "x", final: false }), 1008, /took too long/],
  ["a frame that never ends", frame({ opcode: text, length: 1_000n, lengthBytes: 2 }), 1008, /took too long/],
  ["a header that never ends", Buffer.from([0x81]), 1008, /took too long/],
  ["64 MiB compressed to 64 KiB", frame({ opcode: text, payload: bomb, reserved: 4 }), 1002, /reserved bits/],
  ["binary messages", repeat(1_000, { opcode: binary, payload: "x" }), 1003, /text frames only/],
];

test.each(floods)("a flood of %s ends its sender alone", async (_name, bytes, code, reason) => {
  const offer = { "sec-websocket-extensions": "permessage-deflate" };
  const flooding = await RawWebsocket.open(service.websocketPort, { headers: offer });
  expect(flooding.answer?.headers.has("sec-websocket-extensions")).toBe(false);
  for (let at = 0; at < bytes.length; at += 16_384) {
    flooding.send(bytes.subarray(at, at + 16_384));
    service.publish("chat.a", at);
    await new Promise(setImmediate);
  }
  expect(await flooding.closing()).toBe(code);
  expect(flooding.closeReason).toMatch(reason);
  flooding.end();
  await until(() => service.stats().connections.closed_total === 1);
  expect(service.stats().connections).toMatchObject({
    active_connections: 1,
    closed_by_code: { [code]: 1 },
    closed_by_side: { server: 1, client: 0, lost: 0 },
  });
  service.publish("chat.a", "last");
  const published = Math.ceil(bytes.length / 16_384) + 1;
  await until(() => seen.at(-1) === published);
  expect(seen).toEqual(Array.from({ length: published }, (_, n) => n + 1));
  expect((await witness.request({ op: "ping" })).ok).toBe(true);
  expect(service.logText()).not.toMatch(/ERROR|CRITICAL/);
});

test("a flood of close frames gets one answer", async () => {
  const flooding = await RawWebsocket.open(service.websocketPort);
  flooding.send(repeat(5_000, { opcode: close, payload: closePayload(4_321, "enough") }));
  await until(() => flooding.ended || flooding.closed);
  expect(flooding.frames.filter(({ opcode }) => opcode === close)).toHaveLength(1);
  flooding.end();
  await until(() => service.stats().connections.closed_total === 1);
  expect(service.stats().connections.closed_by_code).toEqual({ 4321: 1 });
});

test("a message that drips in is ended though every byte is right, one that is fast enough is not", async () => {
  const slow = await RawWebsocket.open(service.websocketPort);
  const quick = await RawWebsocket.open(service.websocketPort);
  const bytes = frame(request({ op: "ping", id: 1, filler: "x".repeat(5_000) }));
  for (let at = 0; at < bytes.length; at += 1_000) {
    quick.send(bytes.subarray(at, at + 1_000));
    await new Promise(setImmediate);
  }
  let at = 0;
  const drip = setInterval(() => slow.send(bytes.subarray(at, ++at)), 5);
  expect(await slow.closing()).toBe(1008);
  clearInterval(drip);
  await until(() => quick.messages.some(({ id }) => id === 1));
  expect(quick.closeCode).toBe(null);
  for (const client of [slow, quick]) client.end();
});

test("as many control frames as are allowed, and as many fragments, do no harm", async () => {
  const client = await RawWebsocket.open(service.websocketPort);
  const parts = Array.from(JSON.stringify({ op: "ping", id: 7 }).padEnd(1_024, " "));
  const fragments = parts.map((payload, n) =>
    frame({ opcode: n === 0 ? text : continuation, payload, final: n === parts.length - 1 }),
  );
  client.send(repeat(40, { opcode: ping }), ...fragments);
  await until(() => client.messages.some(({ id }) => id === 7));
  expect(client.pongs).toHaveLength(40);
  expect(client.closeCode).toBe(null);
  client.end();
});
