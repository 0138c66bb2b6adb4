import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestService, type TestService, until } from "../websocket-server/test-service";
import { type ClientBehaviour, type SimulatedClient, simulateClient } from "./simulated-client";

let service: TestService;
const clients: SimulatedClient[] = [];
beforeEach(async () => {
  service = await startTestService({
    WEBSOCKET_PUBLISH_ALLOW: "a,b",
    HEARTBEAT_INTERVAL: "1",
  });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
  await service.end();
});

function visit(behaviour: Partial<ClientBehaviour> = {}) {
  const client = simulateClient({
    url: service.websocketUrl,
    topics: () => ["a", "b"],
    staysMs: () => null,
    reads: true,
    random: () => 0,
    ...behaviour,
  });
  clients.push(client);
  return client;
}

test("comes, subscribes, leaves with a word and comes back", async () => {
  visit({ staysMs: () => 10 });
  await until(() => service.stats().subscriptions.subscribed_total >= 4);
  expect(service.stats().connections.closed_by_code).toMatchObject({ 1000: expect.any(Number) });
});

test("one that does not read is cut off, and is back with its topics", async () => {
  visit({ reads: false });
  await until(() => service.stats().subscriptions.subscribed_total === 2);
  const text = "x".repeat(500_000);
  await until(() => {
    if (service.stats().connections.active_connections === 1) {
      for (const topic of ["a", "b"]) service.publish(topic, text);
    }
    return service.stats().subscriptions.subscribed_total >= 4;
  }, 15_000);
}, 20_000);

test("has left once its stop is over", async () => {
  const client = visit();
  await until(() => service.stats().connections.active_connections === 1);
  await client.stop();
  await until(() => service.stats().connections.active_connections === 0);
});
