import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  exchange,
  type FrameParts,
  frame,
  handshakeText,
  opcodes,
  RawWebsocket,
} from "../../testing/raw-websocket";
import type { WebsocketClient } from "../../websocket-client/client";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
let witness: WebsocketClient;

beforeAll(async () => {
  service = await startTestService({
    WEBSOCKET_MESSAGES_TIMEOUT: "0.1",
    WEBSOCKET_CONNECTIONS_HANDSHAKE_TIMEOUT: "0.3",
    WEBSOCKET_PUBLISH_ALLOW: "chat.*",
  });
  witness = await service.client();
});
afterAll(() => service.end());

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((each) => Buffer.from(each));
const requestText = fc
  .record({
    op: fc.constantFrom("subscribe", "publish", "ping", "nothing"),
    topic: fc.constant("chat.a"),
    id: fc.nat(),
  })
  .map((each) => Buffer.from(JSON.stringify(each)));

/** Mostly right, so that what is wrong comes late too. */
const frames = fc.record<FrameParts>(
  {
    opcode: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(0, 1, 1, 1, 2, 9, 10) }, fc.nat(15)),
    payload: fc.oneof({ weight: 3, arbitrary: requestText }, bytes(300)),
    final: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
    reserved: fc.oneof({ weight: 19, arbitrary: fc.constant(0) }, fc.nat(7)),
    masked: fc.oneof({ weight: 19, arbitrary: fc.constant(true) }, fc.boolean()),
    length: fc.oneof(fc.bigInt(0n, 125n), fc.bigInt(126n, 65_535n), fc.bigInt(65_536n, (1n << 64n) - 1n)),
  },
  { requiredKeys: ["opcode", "payload", "final", "reserved", "masked"] },
);
const conversation = fc.oneof(
  fc.array(frames, { maxLength: 30 }).map((each) => Buffer.concat(each.map(frame))),
  bytes(2_000),
);

/** Anything that is not ended by this is waiting for more of a message, and is ended for that. */
const lastStraw = frame({ opcode: opcodes.text, masked: false });

async function closeOf(sent: Buffer, pieceBytes: number): Promise<number | null> {
  const client = await RawWebsocket.open(service.websocketPort);
  const all = Buffer.concat([sent, lastStraw]);
  for (let at = 0; at < all.length; at += pieceBytes) client.send(all.subarray(at, at + pieceBytes));
  const code = await client.closing();
  client.end();
  return code;
}

test("whatever bytes a client sends, it alone is closed, and with a code", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(conversation, fc.integer({ min: 1, max: 500 })), { minLength: 10, maxLength: 20 }),
      async (all) => {
        const closed = await Promise.all(all.map(([sent, pieceBytes]) => closeOf(sent, pieceBytes)));
        // A close frame of its own is answered with its code.
        for (const code of closed) expect(code).toBeGreaterThanOrEqual(1000);
        expect((await witness.request({ op: "ping" })).ok).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
  await until(() => service.stats().connections.active_connections === 1);
  const { closed_total, closed_by_code } = service.stats().connections;
  expect(Object.values(closed_by_code).reduce((a, b) => a + b)).toBe(closed_total);
  expect(service.logText()).not.toMatch(/ERROR|CRITICAL/);
});

const headerName = fc.oneof(
  fc.constantFrom("host", "upgrade", "connection", "origin", "sec-websocket-key", "sec-websocket-version"),
  fc.constantFrom(
    "sec-websocket-protocol",
    "x-forwarded-for",
    "forwarded",
    "content-length",
    "transfer-encoding",
    "__proto__",
  ),
);
const headerValue = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom("", "websocket", "13", "chunked", "5"),
);
const handshake = fc.oneof(
  fc
    .record({
      requestLine: fc.oneof(
        fc.constantFrom("GET / HTTP/1.1", "GET //ws HTTP/1.1", "GET http://[/ HTTP/1.1"),
        fc.string(),
      ),
      headers: fc.dictionary(
        headerName,
        fc.oneof(headerValue, fc.array(headerValue, { maxLength: 3 }), fc.constant(null)),
      ),
    })
    .map((lines) => Buffer.from(handshakeText(lines))),
  bytes(500),
  bytes(500).map((each) => Buffer.concat([Buffer.from("GET / HTTP/1.1\r\n"), each, Buffer.from("\r\n\r\n")])),
);

test("whatever stands in a handshake, it is accepted or refused with a code, and nobody else is hurt", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(handshake, { minLength: 10, maxLength: 20 }), async (all) => {
      const answers = await Promise.all(
        // Whoever is accepted all the same is closed for this.
        all.map((text) => exchange(service.websocketPort, Buffer.concat([text, lastStraw]))),
      );
      for (const { status, body } of answers) {
        // No status: cut off, still waiting for the end of its headers.
        if (status >= 400) expect(JSON.parse(body).error.code).toMatch(/^[A-Z_]+$/);
        else expect([101, Number.NaN]).toContain(status);
      }
      expect((await witness.request({ op: "ping" })).ok).toBe(true);
    }),
    { numRuns: 25 },
  );
  await until(() => service.stats().connections.active_connections === 1);
});
