import { once } from "node:events";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { startTestService, type TestService, until } from "../test-service";
import { protocolErrors } from "./protocol";

let service: TestService;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
beforeAll(async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "t.*,__proto__,constructor",
    WEBSOCKET_MESSAGES_MAX_PER_SECOND: "1000000",
    WEBSOCKET_PUBLISH_MAX_TOPICS: "20",
    WEBSOCKET_SUBSCRIPTIONS_MAX_PER_CONNECTION: "10",
  });
  process.on("unhandledRejection", note);
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await service.end();
});

const name = fc.oneof(
  fc.constantFrom(
    "t.a",
    "t.b",
    "t.*",
    "*",
    "**",
    "__proto__",
    "constructor",
    "toString",
    "",
    "a b",
    "x".repeat(300),
  ),
  fc.string(),
);
const seq = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 53, 1e308, "1", null));
const since = fc.oneof(
  fc.record({ epoch: fc.string(), seq }, { requiredKeys: [] }),
  fc.record({ epoch: fc.string(), seqs: fc.dictionary(name, seq) }, { requiredKeys: [] }),
  fc.jsonValue(),
);
const request = fc
  .record(
    {
      id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
      op: fc.oneof(
        fc.constantFrom("subscribe", "unsubscribe", "publish", "ping", "__proto__"),
        fc.jsonValue(),
      ),
      topic: fc.oneof(name, fc.jsonValue()),
      since,
      data: fc.jsonValue({ maxDepth: 5 }),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const deep = fc.integer({ min: 90, max: 50_000 }).map((levels) => "[".repeat(levels) + "]".repeat(levels));
const text = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: deep.map((data) => `{"id":1,"op":"publish","topic":"t.a","data":${data}}`) },
);

async function open(onMessage: (frame: unknown) => void = () => {}): Promise<WebSocket> {
  const socket = new WebSocket(service.websocketUrl);
  socket.on("message", onMessage);
  await once(socket, "open");
  return socket;
}

test("any text gets one answer with a code or goes through, and the connection lives", async () => {
  const other = await service.client();
  const heard: unknown[] = [];
  other.onMessage(({ data }) => heard.push(data));
  await other.subscribe("t.other");
  const said: Record<string, unknown>[] = [];
  const socket = await open((frame) => said.push(JSON.parse(String(frame))));
  await until(() => said.length === 1);
  let probe = 0;
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      said.length = 0;
      probe++;
      const id = `probe ${probe}`;
      socket.send(given);
      socket.send(JSON.stringify({ id, op: "ping" }));
      await until(() => said.some((each) => each.id === id));
      const answers = said.filter((each) => (each.ok === true || each.error !== undefined) && each.id !== id);
      expect(answers.length).toBeLessThanOrEqual(1);
      for (const { error } of answers as { error?: { code: string; message: string } }[]) {
        if (error === undefined) continue;
        expect(Object.keys(protocolErrors)).toContain(error.code);
        expect(error.message).not.toBe("");
      }
      if (!isJson(given)) expect(answers).toMatchObject([{ error: { code: "BROKEN_JSON" } }]);
      expect(socket.readyState).toBe(WebSocket.OPEN);
    }),
    { numRuns: 300 },
  );
  service.publish("t.other", "still here");
  await until(() => heard.includes("still here"));
  expect(unhandled).toEqual([]);
  socket.terminate();
}, 60_000);

test("any binary frame ends its connection with 1003 and no other", async () => {
  const other = await service.client();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const socket = await open();
      socket.send(bytes);
      const [code] = await once(socket, "close");
      expect(code).toBe(1003);
    }),
    { numRuns: 20 },
  );
  expect(await other.request({ op: "ping" })).toMatchObject({ ok: true });
  expect(unhandled).toEqual([]);
});

test("a broken text frame ends its connection with 1007", async () => {
  const socket = await open();
  socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect((await once(socket, "close"))[0]).toBe(1007);
});

function isJson(given: string): boolean {
  try {
    JSON.parse(given);
    return true;
  } catch {
    return false;
  }
}
