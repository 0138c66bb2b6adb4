import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startTestService, type TestService, until } from "./test-service";

let service: TestService;
afterEach(() => service?.end());

async function silentClient(port: number) {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  const lines = ["GET / HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket"];
  lines.push("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  await once(socket, "data");
  socket.resume();
  return socket;
}

test("a client that answers no ping is dropped, counted and logged as a heartbeat timeout", async () => {
  service = await startTestService({ HEARTBEAT_INTERVAL: "0.05", PING_TIMEOUT: "0.3" });
  const good = await service.client();
  const silent = await silentClient(service.websocketPort);
  await once(silent, "close");
  await until(() => service.stats().connections.closed_total === 1);
  expect(service.stats().connections).toMatchObject({
    active_connections: 1,
    heartbeat_timeouts_total: 1,
    closed_by_code: { 1006: 1 },
    closed_by_side: { client: 0, server: 0, lost: 1 },
  });
  expect(good.connected).toBe(true);
  await until(() =>
    /WARN {2}connection closed .*code=1006 reason="heartbeat timeout"/.test(service.logText()),
  );
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
