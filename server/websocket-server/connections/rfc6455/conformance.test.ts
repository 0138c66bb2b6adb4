import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { frame, opcodes, RawWebsocket } from "../../../testing/raw-websocket";
import { until } from "../../../testing/until";
import { acceptingAnswer } from "./handshake";
import { ServerSocket } from "./server-socket";
import { type ConformanceCase, conformanceCases, conformanceMaxBytes } from "./test-conformance-cases";

/** Sends every message back. */
function ownEcho(): Server {
  const limits = { maxBytes: conformanceMaxBytes, maxFragments: 1_000, maxControlPerSecond: 1_000 };
  return createServer().on("upgrade", (request, socket, head) => {
    socket.write(acceptingAnswer(request, null));
    new ServerSocket(socket, head, () => limits).on("message", (payload, isBinary) => {
      const opcode = isBinary ? opcodes.binary : opcodes.text;
      // Copied, as a message is only valid during the call.
      socket.write(frame({ opcode, payload: Buffer.from(payload), masked: false }));
    });
  });
}

function echoOfWs(): Server {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: conformanceMaxBytes });
  sockets.on("connection", (socket) => {
    socket.on("error", () => {});
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  return server;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Whether a server does what the case says, after which it ends the stream. */
async function run(
  port: number,
  { bytes, answers }: ConformanceCase,
  { pieceBytes = bytes.length, patienceMs = 10_000 } = {},
) {
  const client = await RawWebsocket.open(port);
  client.socket.setNoDelay();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    client.send(bytes.subarray(at, at + pieceBytes));
    if (pieceBytes < bytes.length) await new Promise(setImmediate);
  }
  const ended = await until("the end", () => client.ended || client.closed, patienceMs).catch(() => false);
  const { closeCode, frames } = client;
  const came = frames.filter(({ opcode }) => opcode !== opcodes.close);
  client.end();
  return {
    ended,
    code: closeCode,
    closeIsLast: frames.at(-1)?.opcode === opcodes.close,
    answers: came.length === answers.length && came.every((each, n) => isAnswer(each, answers[n])),
  };
}

function isAnswer({ opcode, payload }: RawWebsocket["frames"][number], wanted: [number, Buffer] | undefined) {
  return wanted !== undefined && opcode === wanted[0] && payload.equals(wanted[1]);
}

const asWanted = ({ code }: ConformanceCase) => ({ ended: true, code, closeIsLast: true, answers: true });

let server: Server;
let port: number;
afterAll(() => server.close());

describe("ours passes", () => {
  beforeAll(async () => {
    server = ownEcho();
    port = await listening(server);
  });
  afterAll(() => server.closeAllConnections());

  test.each(conformanceCases)("$name", async (each) => {
    expect(await run(port, each)).toEqual(asWanted(each));
  });

  const short = conformanceCases.filter(({ bytes }) => bytes.length < 700);
  test.each(short)("$name, byte by byte", async (each) => {
    expect(await run(port, each, { pieceBytes: 1 })).toEqual(asWanted(each));
  });

  const long = conformanceCases.filter(({ bytes }) => bytes.length >= 700);
  test.each(long)("$name, in odd pieces", async (each) => {
    expect(await run(port, each, { pieceBytes: 9_973 })).toEqual(asWanted(each));
  });
});

test("plain ws does not: why frames are read by ourselves", async () => {
  const peer = echoOfWs();
  const peerPort = await listening(peer);
  const failed = await Promise.all(
    conformanceCases.map(async (each) => {
      const result = await run(peerPort, each, { patienceMs: 3_000 });
      return JSON.stringify(result) === JSON.stringify(asWanted(each)) ? [] : [each.name];
    }),
  );
  peer.close();
  peer.closeAllConnections();
  expect(failed.flat()).toEqual([
    "a length of 5 in two bytes",
    "a length of 5 in eight bytes",
    "a length of 125 in two bytes",
    "a length of 126 in eight bytes",
    "a length with the top bit",
    "a length of all ones",
    "not UTF-8, told before the message ends",
    "not UTF-8, told before the frame ends",
  ]);
});
