import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DrainState } from "../../lib/contract/service-api";
import { startTestService, type TestService, until } from "./test-service";

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.end());

async function post(path: string, body?: unknown): Promise<DrainState> {
  const response = await fetch(service.adminUrl + path, {
    method: "POST",
    headers: { "x-requested-by": "olga", "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  return (await response.json()) as DrainState;
}

test("a lame duck refuses newcomers, says so to balancers, keeps who is there, and comes back", async () => {
  const client = await service.client();
  const state = await post("/admin/drain", { reason: "kernel update" });
  expect(state).toMatchObject({
    state: "draining",
    reason: "kernel update",
    by: "olga",
    active_connections: 1,
    goodbyes: 0,
    rate_per_second: null,
  });
  expect((await fetch(`${service.adminUrl}/health`)).status).toBe(503);
  await expect(service.client()).rejects.toThrow("503");
  expect((await client.request({ op: "ping" })).ok).toBe(true);

  expect(await post("/admin/undrain")).toMatchObject({ state: "running", since_ms: null });
  expect((await fetch(`${service.adminUrl}/health`)).status).toBe(200);
  await service.client();
  expect(service.stats().connections.active_connections).toBe(2);
});

test("those there are get a goodbye at the pace that was asked for, and undrain stops it", async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, () => service.client()));
  const goodbyes: Record<string, unknown>[] = [];
  for (const client of clients) {
    client.socket?.on("message", (data) => {
      const message = JSON.parse(String(data)) as Record<string, unknown>;
      if (message.op === "goodbye") goodbyes.push(message);
    });
  }
  const [first] = clients;
  if (!first?.socket) throw new Error("not connected");
  const closed = once(first.socket, "close");
  await post("/admin/drain", { close_connections: true, rate_per_second: 5, reason: "moving" });
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1001, "moving"]);
  await until(() => goodbyes.length >= 2);
  const { goodbyes: told } = await post("/admin/undrain");
  expect(told).toBeLessThan(clients.length);
  await until(() => service.stats().connections.active_connections === clients.length - told);
  expect(goodbyes[0]).toMatchObject({ op: "goodbye", code: 1001, reason: "moving" });
  expect(goodbyes[0]?.retry_after_ms).toBeGreaterThan(0);
  await service.client();
  expect(service.stats().connections.active_connections).toBe(clients.length - told + 1);
});
