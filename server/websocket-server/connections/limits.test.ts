import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { handshakeText, RawWebsocket } from "../../testing/raw-websocket";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
let clients: RawWebsocket[] = [];
afterEach(async () => {
  for (const client of clients) client.end();
  clients = [];
  await service?.end();
});

/** Sockets that are connected first and then send their handshakes all at once. */
async function openAtOnce(count: number): Promise<RawWebsocket[]> {
  const opened = Array.from({ length: count }, () => new RawWebsocket(service.websocketPort));
  clients.push(...opened);
  await Promise.all(opened.map(({ socket }) => once(socket, "connect")));
  for (const client of opened) client.send(handshakeText());
  await until(() => opened.every((client) => client.answer !== null));
  return opened;
}

const withStatus = (all: RawWebsocket[], status: number) =>
  all.filter(({ answer }) => answer?.status === status);

test.each([
  ["WEBSOCKET_CONNECTIONS_MAX", 503, "MAX_CONNECTIONS_EXCEEDED"],
  ["WEBSOCKET_CONNECTIONS_MAX_PER_IP", 429, "TOO_MANY_CONNECTIONS_FROM_IP"],
])("of 1,000 handshakes at once no more than %s get through", async (variable, status, code) => {
  service = await startTestService({ [variable]: "100" });
  const opened = await openAtOnce(1_000);
  expect(withStatus(opened, 101)).toHaveLength(100);
  const refused = withStatus(opened, status);
  expect(refused).toHaveLength(900);
  for (const { answer } of refused) {
    expect(Number(answer?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(JSON.parse(answer?.body ?? "").error.code).toBe(code);
  }
  expect(service.stats().connections).toMatchObject({
    active_connections: 100,
    refused_by_reason: { [code]: 900 },
  });
});

test("handshakes that are broken off give their places back", async () => {
  service = await startTestService({ WEBSOCKET_CONNECTIONS_MAX: "20" });
  const sockets = Array.from({ length: 300 }, () => connect(service.websocketPort, "127.0.0.1"));
  await Promise.all(
    sockets.map(async (socket, index) => {
      await once(
        socket.on("error", () => {}),
        "connect",
      );
      const text = handshakeText();
      if (index % 3 === 0) socket.write(text, () => socket.resetAndDestroy());
      else if (index % 3 === 1) socket.end(text);
      else socket.write(text.slice(0, 50), () => socket.destroy());
      socket.resume();
      if (!socket.destroyed) await once(socket, "close");
    }),
  );
  await until(() => service.stats().connections.active_connections === 0);
  expect(withStatus(await openAtOnce(21), 101)).toHaveLength(20);
});

test("a limit that is raised at a reload holds at once, a lowered one for newcomers", async () => {
  service = await startTestService();
  const put = (key: string, value: number) =>
    fetch(`${service.adminUrl}/admin/config-overrides/${key}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ value, ttl_seconds: 60, reason: "test" }),
    });
  await put("connections.max", 2);
  expect(withStatus(await openAtOnce(3), 101)).toHaveLength(2);
  await put("connections.max", 4);
  expect(withStatus(await openAtOnce(3), 101)).toHaveLength(2);
  await put("connections.max", 1);
  expect(withStatus(await openAtOnce(1), 503)).toHaveLength(1);
  expect(service.stats().connections.active_connections).toBe(4);
});
