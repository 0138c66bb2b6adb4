import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { backoffMs } from "../process/jittered-back-off";
import { WebsocketClient } from "./client";

let server: WebSocketServer | null = null;
let client: WebsocketClient | null = null;
afterEach(async () => {
  await client?.close();
  for (const socket of server?.clients ?? []) socket.terminate();
  server?.close();
});

/** A server that accepts every subscription and says one thing on it. */
async function listen(): Promise<string> {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  let accepted = 0;
  server.on("connection", (socket: WebSocket) => {
    accepted++;
    socket.on("message", (text) => {
      const { id, topic } = JSON.parse(String(text));
      socket.send(JSON.stringify({ id, ok: true, topic }));
      socket.send(JSON.stringify({ topic, seq: accepted, ts: 0, data: null }));
    });
  });
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

test("keeps its topics across a lost connection", async () => {
  const url = await listen();
  client = new WebsocketClient({ url, backoff: { firstMs: 1, longestMs: 5 } });
  await client.connect();
  const received = new Promise<void>((resolve) => {
    client?.onMessage(({ topic, seq }) => {
      if (topic === "a" && seq === 2) resolve();
    });
  });
  expect(await client.subscribe("a")).toMatchObject({ ok: true, topic: "a" });
  for (const socket of server?.clients ?? []) socket.terminate();
  await received;
});

test("a request that is under way when the connection is lost is rejected", async () => {
  const url = await listen();
  client = new WebsocketClient({ url, reconnect: false });
  await client.connect();
  const socket = client.socket;
  const answer = client.request({ op: "ping" });
  socket?.terminate();
  await expect(answer).rejects.toThrow("connection lost");
  await expect(client.request({ op: "ping" })).rejects.toThrow("not connected");
});

test("without reconnect a refused connection is told at once", async () => {
  const url = await listen();
  server?.close();
  client = new WebsocketClient({ url, reconnect: false });
  await expect(client.connect()).rejects.toThrow(/ECONNREFUSED/);
});

test("waits longer each time, up to a limit, and never the same for everyone", () => {
  const limits = { firstMs: 100, longestMs: 1_000 };
  const most = [0, 1, 2, 3, 4, 50].map((attempt) => backoffMs(attempt, limits, () => 1));
  expect(most).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffMs(3, limits, () => 0.25)).toBe(200);
});
