import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { frame, type HandshakeLines, opcodes, RawWebsocket } from "../../testing/raw-websocket";
import { until } from "../../testing/until";

let server: Server;
let port: number;
const messages: string[] = [];

beforeAll(async () => {
  server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", (data) => messages.push(String(data))));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const handshakes: [name: string, lines: HandshakeLines][] = [
  ["two Hosts", { headers: { host: ["localhost", "other"] } }],
  ["a Host that names none", { headers: { host: "me@localhost/ws" } }],
  ["HTTP/1.0", { requestLine: "GET / HTTP/1.0" }],
  ["version 8", { headers: { "sec-websocket-version": "8" } }],
  ["any origin", { headers: { origin: "https://app.example.evil" } }],
  ["any path", { requestLine: "GET /other HTTP/1.1" }],
];

test.each(handshakes)("plain ws accepts %s, which the service refuses", async (_name, lines) => {
  const client = await RawWebsocket.open(port, lines);
  client.end();
});

test("plain ws takes any number of pongs, messages and small fragments", async () => {
  const client = await RawWebsocket.open(port);
  const empty = frame({ opcode: opcodes.continuation, final: false });
  client.send(...Array.from({ length: 5_000 }, () => frame({ opcode: opcodes.pong })));
  client.send(frame({ opcode: opcodes.text, final: false }), ...Array.from({ length: 5_000 }, () => empty));
  client.send(frame({ opcode: opcodes.continuation, payload: "whole" }));
  client.send(...Array.from({ length: 5_000 }, () => frame({ opcode: opcodes.text })));
  await until("all are taken", () => messages.length === 5_001);
  expect(messages[0]).toBe("whole");
  expect([client.closeCode, client.ended]).toEqual([null, false]);
  client.end();
});

test("plain ws ends a flood of pings without a word", async () => {
  const client = await RawWebsocket.open(port);
  client.send(...Array.from({ length: 500 }, () => frame({ opcode: opcodes.ping })));
  expect(await client.closing()).toBe(null);
  client.end();
});

test("plain ws counts nobody: of 200 handshakes from one address at once all get through", async () => {
  const clients = await Promise.all(Array.from({ length: 200 }, () => RawWebsocket.open(port)));
  expect(clients.every(({ answer }) => answer?.status === 101)).toBe(true);
  for (const client of clients) client.end();
});
