import { afterEach, expect, test } from "vitest";
import { frame, opcodes, RawWebsocket } from "../testing/raw-websocket";
import { startTestService, type TestService, until } from "./test-service";

let service: TestService;
let raw: RawWebsocket | null = null;
let chatter: NodeJS.Timeout | undefined;
afterEach(async () => {
  clearInterval(chatter);
  raw?.end();
  await service?.end();
});

const quick = { HEARTBEAT_INTERVAL: "0.05", PING_TIMEOUT: "0.3" };
const pong = (payload: Buffer | string) => frame({ opcode: opcodes.pong, payload });

async function openRaw(): Promise<RawWebsocket> {
  raw = await RawWebsocket.open(service.websocketPort);
  return raw;
}

async function droppedAsDead(): Promise<void> {
  await until(() => service.stats().connections.closed_total === 1);
  expect(service.stats().connections).toMatchObject({
    heartbeat_timeouts_total: 1,
    closed_by_code: { 1006: 1 },
    closed_by_side: { client: 0, server: 0, lost: 1 },
  });
}

test("a client that answers no ping is dropped, counted and logged as a heartbeat timeout", async () => {
  service = await startTestService(quick);
  const good = await service.client();
  await openRaw();
  await droppedAsDead();
  expect(good.connected).toBe(true);
  expect(service.stats().connections.active_connections).toBe(1);
  await until(() =>
    /WARN {2}connection closed .*code=1006 reason="heartbeat timeout"/.test(service.logText()),
  );
});

test("a client that vanished, so that nothing is read or sent, is dropped", async () => {
  service = await startTestService({ ...quick, WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
  const vanished = await openRaw();
  vanished.sendText('{"op":"subscribe","topic":"chat.a"}');
  await until(() => service.stats().subscriptions.active_subscriptions === 1);
  vanished.socket.pause();
  await droppedAsDead();
});

const lies: [name: string, payload: (client: RawWebsocket) => Buffer | string][] = [
  ["pongs that nobody asked for", () => ""],
  ["pongs with payloads of its own", () => "abcd"],
  [
    "pongs that are one bit off",
    (client) => {
      const payload = Buffer.from(client.pings.at(-1) ?? "");
      if (payload.length > 0) payload[0] = (payload[0] as number) ^ 1;
      return payload;
    },
  ],
  ["pongs that are cut short", (client) => client.pings.at(-1)?.subarray(1) ?? ""],
];

test.each(lies)("a client that only sends %s is dropped", async (_name, payload) => {
  service = await startTestService(quick);
  const client = await openRaw();
  chatter = setInterval(() => client.send(pong(payload(client))), 30);
  await droppedAsDead();
  expect(client.pings.length).toBeGreaterThan(0);
});

const signsOfLife: [name: string, bytes: Buffer][] = [
  ["messages", frame({ opcode: opcodes.text, payload: '{"op":"ping"}' })],
  ["pings", frame({ opcode: opcodes.ping })],
];

test.each(signsOfLife)("a client that answers no ping but sends %s lives on", async (_name, bytes) => {
  service = await startTestService(quick);
  const client = await openRaw();
  chatter = setInterval(() => client.send(bytes), 30);
  const other = await RawWebsocket.open(service.websocketPort);
  await droppedAsDead();
  expect([client.closed, client.ended, other.ended || other.closed]).toEqual([false, false, true]);
  other.end();
});

test("a client whose pong waits behind a long message of its own lives on", async () => {
  service = await startTestService(quick);
  const client = await openRaw();
  const long = frame({ opcode: opcodes.text, payload: JSON.stringify({ op: "ping", id: 1 }).padEnd(60) });
  let at = 0;
  chatter = setInterval(() => client.send(long.subarray(at, ++at)), 30);
  const other = await RawWebsocket.open(service.websocketPort);
  await droppedAsDead();
  await until(() => client.messages.some(({ id }) => id === 1));
  other.end();
});

test("a client that answers late, yet in time, lives on; its round trip is how late it was", async () => {
  service = await startTestService({ HEARTBEAT_INTERVAL: "0.05", PING_TIMEOUT: "30" });
  const client = await openRaw();
  await until(() => client.pings.length === 1);
  const pingAt = performance.now();
  await until(() => performance.now() - pingAt > 120);
  client.send(pong(client.pings[0] as Buffer));
  await until(() => service.stats().latency.rtt.sum_ms > 0);
  expect(service.stats().latency.rtt.sum_ms).toBeGreaterThanOrEqual(100);
  // The next ping has another payload, which the old answer does not fit.
  await until(() => client.pings.length === 2);
  expect(client.pings[1]?.equals(client.pings[0] as Buffer)).toBe(false);
  const { sum_ms, counts } = service.stats().latency.rtt;
  client.send(pong(client.pings[0] as Buffer), frame({ opcode: opcodes.ping }));
  await until(() => client.pongs.length === 1);
  expect(service.stats().latency.rtt).toMatchObject({ sum_ms, counts });
});

test("the round trip of a ping is the connection's rtt and stands in the histogram", async () => {
  service = await startTestService({ HEARTBEAT_INTERVAL: "0.05" });
  await service.client();
  const rows = await until(async () => {
    const response = await fetch(`${service.adminUrl}/admin/connections`);
    const list = (await response.json()) as { rtt_ms: number | null }[];
    return list[0]?.rtt_ms === null ? null : list;
  });
  expect(rows[0]?.rtt_ms).toBeGreaterThan(0);
  expect(service.stats().latency.rtt.sum_ms).toBeGreaterThan(0);
});
