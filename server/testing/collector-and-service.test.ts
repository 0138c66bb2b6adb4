import { afterEach, expect, it } from "vitest";
import { createFleet } from "../console/fleet/create-fleet";
import { startTestService } from "../websocket-server/test-service";
import { silentLogger } from "./silent-logger";
import { until } from "./until";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function watched(env: Record<string, string>) {
  const service = await startTestService(env);
  closing.push(() => service.end());
  const fleet = createFleet({
    pollIntervalMs: 100,
    fleetFile: null,
    bundledMember: {
      id: "local",
      name: "local",
      adminUrl: service.adminUrl,
      wsUrl: service.websocketUrl,
      token: env.WEBSOCKET_ADMIN_TOKEN,
    },
    fleetName: "Test",
    environment: "test",
    logger: silentLogger(),
    actions: { markers: () => [] },
    incidents: { open: () => [] },
  });
  closing.push(() => fleet.stop());
  fleet.start();
  await until("a first sample", () => fleet.server("local").server.lastSampleAtMs);
  return { service, fleet };
}

it("shows a real service's connections, latency and closes as its clients make them", async () => {
  const { service, fleet } = await watched({ WEBSOCKET_SOURCES_SIMULATED_ENABLED: "true" });
  const clients = await Promise.all([service.client(), service.client(), service.client()]);
  await until("three connections", () => fleet.latest("local").active_connections === 3);
  expect(fleet.snapshot().aggregates.fleet?.active_connections).toBe(3);
  expect(fleet.server("local").server.state).toBe("healthy");

  await Promise.all(clients.map((client) => client.subscribe("ticker.BTC-USD")));
  await until("deliveries with a latency", () => {
    const { messages_out_per_second: out, push_latency_p99_ms: p99 } = fleet.latest("local");
    return (out ?? 0) > 0 && p99 !== null;
  });

  const page = await fleet.connections("local", { offset: 0, limit: 2, sort: "connected_at_ms" });
  expect(page).toMatchObject({ total: 3, offset: 0 });
  expect(page.rows).toHaveLength(2);
  expect((await fleet.connections("local", { offset: 2, limit: 2 })).rows).toHaveLength(1);
  expect((await fleet.connectionsByNetwork("local")).networks).toMatchObject([
    { network: "127.0.0.0/24", connections: 3 },
  ]);

  clients[0]?.socket?.terminate();
  await until("two connections", () => fleet.latest("local").active_connections === 2);
  expect((await fleet.recentlyClosed("local")).closes).toMatchObject([{ side: "lost" }]);
});

it("says that a service refuses a wrong token, and reads it with the right one", async () => {
  const { service, fleet } = await watched({ WEBSOCKET_ADMIN_TOKEN: "right-token-of-this-test" });
  expect(fleet.server("local").server.state).toBe("healthy");
  const stranger = createFleet({
    pollIntervalMs: 100,
    fleetFile: null,
    bundledMember: {
      id: "x",
      name: "x",
      adminUrl: service.adminUrl,
      wsUrl: service.websocketUrl,
      token: "wrong",
    },
    fleetName: "Test",
    environment: "test",
    logger: silentLogger(),
    actions: { markers: () => [] },
    incidents: { open: () => [] },
  });
  closing.push(() => stranger.stop());
  stranger.start();
  await until("the refusal", () => stranger.server("x").server.reason?.code === "token_refused");
  expect(stranger.server("x").server.state).toBe("mismatch");
});
