import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConnectionDetail, connectionDetailSchema } from "../../../lib/contract/service-api";
import { startTestService, type TestService, until } from "../test-service";

let service: TestService;
beforeEach(async () => {
  service = await startTestService({ WEBSOCKET_PUBLISH_ALLOW: "chat.*" });
});
afterEach(() => service.end());

const ask = (path: string, method = "GET") => fetch(service.adminUrl + path, { method });

async function idOfNewest(): Promise<string> {
  const rows = (await (await ask("/admin/connections")).json()) as { id: string }[];
  return rows.at(-1)?.id ?? "";
}

test("one connection with its topics and who it is", async () => {
  const client = await service.client({
    socket: { origin: "https://app.example", headers: { "user-agent": "t" } },
  });
  await client.subscribe("chat.b");
  await client.subscribe("chat.a");
  await client.publish("chat.a", 1);
  const id = await idOfNewest();
  const detail: ConnectionDetail = connectionDetailSchema.parse(
    await (await ask(`/admin/connections/${id}`)).json(),
  );
  expect(detail).toMatchObject({
    id,
    worker: "main",
    origin: "https://app.example",
    user_agent: "t",
    tls: false,
    topics: [
      { topic: "chat.a", pattern: null, seq: 1 },
      { topic: "chat.b", pattern: null, seq: 0 },
    ],
  });
});

test("closes one with the code and reason that were asked for, and leaves the others", async () => {
  const other = await service.client();
  const client = await service.client();
  const socket = client.socket;
  if (socket === null) throw new Error("not connected");
  const closed = once(socket, "close");
  const id = await idOfNewest();
  const answer = await ask(`/admin/connections/${id}?code=1012&reason=moved`, "DELETE");
  expect(await answer.json()).toEqual({ id, code: 1012, reason: "moved" });
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1012, "moved"]);
  await until(() => service.stats().connections.closed_total === 1);
  expect(service.stats().connections).toMatchObject({
    closed_by_code: { 1012: 1 },
    closed_by_side: { server: 1 },
  });
  expect(other.connected).toBe(true);
  expect((await ask(`/admin/connections/${id}`)).status).toBe(404);
});

test.each([
  ["/admin/connections/c-none", "GET", 404, "UNKNOWN_CONNECTION"],
  ["/admin/connections/c-none", "DELETE", 404, "UNKNOWN_CONNECTION"],
  ["/admin/connections/c-none?code=1006", "DELETE", 400, "INVALID_QUERY"],
  ["/admin/connections/c-none?code=5000", "DELETE", 400, "INVALID_QUERY"],
  [`/admin/connections/c-none?reason=${"%E2%82%AC".repeat(42)}`, "DELETE", 400, "INVALID_QUERY"],
  ["/admin/connections/__proto__", "GET", 404, "UNKNOWN_CONNECTION"],
])("%s %s is %d %s", async (path, method, status, code) => {
  const response = await ask(path, method);
  const body = (await response.json()) as { error: { code: string } };
  expect([response.status, body.error.code]).toEqual([status, code]);
});
