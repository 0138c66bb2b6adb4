import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { frame, opcodes, RawWebsocket } from "../../../testing/raw-websocket";
import { until } from "../../../testing/until";
import { acceptingAnswer } from "./handshake";
import { ServerSocket } from "./server-socket";

const limits = { maxBytes: 1_048_576, maxFragments: 2_000, maxControlPerSecond: 10_000_000 };
const { text, binary, continuation, ping } = opcodes;

let server: Server;
let client: RawWebsocket;
afterEach(() => {
  client?.end();
  server?.close();
});

async function open(): Promise<{ client: RawWebsocket; ours: ServerSocket; socket: Socket }> {
  server = createServer();
  const upgraded = once(server, "upgrade").then(([request, socket, head]) => {
    socket.write(acceptingAnswer(request, null));
    return { ours: new ServerSocket(socket, head, () => limits), socket };
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = await RawWebsocket.open((server.address() as AddressInfo).port);
  return { client, ...(await upgraded) };
}

test("memory follows the bytes that came, not the length that was announced", async () => {
  const { ours } = await open();
  client.send(frame({ opcode: binary, payload: "x".repeat(10), length: 1_000_000n, lengthBytes: 8 }));
  await until("it came", () => ours.incompleteSince > 0 && ours.heldBytes > 0);
  expect(ours.heldBytes).toBeLessThanOrEqual(1_024);
  client.send("x".repeat(50_000));
  await until("more came", () => ours.heldBytes >= 50_000);
  expect(ours.heldBytes).toBeLessThanOrEqual(2 * 150_000);
});

test("a thousand empty fragments hold next to nothing, and nothing once the message is refused", async () => {
  const { ours } = await open();
  const empty = frame({ opcode: continuation, final: false });
  client.send(frame({ opcode: text, final: false }), ...Array.from({ length: 1_000 }, () => empty));
  let pings = 0;
  ours.on("ping", () => pings++);
  client.send(frame({ opcode: ping }));
  await until("all came", () => pings === 1);
  expect(ours.heldBytes).toBeLessThanOrEqual(1_024);
  client.send(frame({ opcode: continuation, length: 2_000_000n }));
  expect(await client.closing()).toBe(1009);
  expect([ours.heldBytes, ours.incompleteSince]).toEqual([0, 0]);
});

const pingCount = 100_000;

/** Pings without reading a single pong. */
async function pingWithoutReading() {
  client.socket.pause();
  const pings = Buffer.concat(
    Array.from({ length: 1_000 }, (_, n) => frame({ opcode: ping, payload: String(n).padEnd(125) })),
  );
  for (let sent = 0; sent < pingCount; sent += 1_000) {
    client.send(pings);
    await client.sent();
  }
}

test("pings of a client that reads nothing fill no memory, and the newest is answered in the end", async () => {
  const { ours, socket } = await open();
  let heard = 0;
  let largest = 0;
  ours.on("ping", () => {
    heard++;
    largest = Math.max(largest, socket.writableLength);
  });
  await pingWithoutReading();
  await until("all are heard", () => heard === pingCount);
  expect(largest).toBeLessThan(200_000);
  client.socket.resume();
  await until("the newest pong", () => client.pongs.at(-1)?.toString().trim() === "999");
  expect(client.pongs.length).toBeLessThan(pingCount);
});
