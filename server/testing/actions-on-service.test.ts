import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ActionKind, CleanupMatch } from "../../lib/contract/console-api";
import { startTestService, type TestService } from "../websocket-server/test-service";
import { type ConsoleParts, operator, startConsoleParts } from "./console-parts";
import { until } from "./until";

let service: TestService;
let parts: ConsoleParts;

beforeEach(async () => {
  service = await startTestService(
    { WEBSOCKET_SOURCES_SIMULATED_ENABLED: "true" },
    "connections:\n  max: 500\n",
  );
  parts = await startConsoleParts([{ id: "local", adminUrl: service.adminUrl }]);
  await parts.sampled();
});
afterEach(async () => {
  await parts.stop();
  await service.end();
});

async function run(kind: ActionKind, match?: CleanupMatch) {
  const preview = await parts.actions.preview(operator, "local", kind, match);
  const request = {
    previewId: preview.previewId,
    reason: "proof against a real service",
    confirmName: "local",
  };
  const action = await parts.actions.run(operator, "local", kind, request);
  const ended = await until("the action has ended", async () => {
    const found = await parts.actions.find(action.id);
    return found.state === "failed" || found.after ? found : null;
  });
  return { preview, action: ended };
}

test("closes the idle sockets that were previewed and leaves the subscribed one open", async () => {
  const idle = await Promise.all([service.client(), service.client(), service.client()]);
  const busy = await service.client();
  await busy.subscribe("ticker.BTC-USD");
  await until("four connections", () => parts.fleet.latest("local").active_connections === 4);
  const { preview, action } = await run("cleanup-connections", { idle_seconds: 0 });
  expect(preview.cleanup).toMatchObject({ candidates: { total: 3 }, closed: 0 });
  expect(preview.activeConnections).toBe(4);
  expect(action).toMatchObject({ state: "succeeded", cleanup: { closed: 3, spared: 0 }, error: null });
  expect([action.before.active_connections, action.after?.active_connections]).toEqual([4, 1]);
  await until("the sockets see it", () => idle.every((client) => !client.connected));
  expect(busy.connected).toBe(true);
});

test("collects garbage in the service", async () => {
  const { preview, action } = await run("force-gc");
  expect(preview.memory?.heapUsedBytes).toBeGreaterThan(0);
  expect(action).toMatchObject({ state: "succeeded" });
  expect(action.gc?.isolates.length).toBeGreaterThan(0);
});

test("reloads a changed file, and leaves the running one in force when the next is broken", async () => {
  writeFileSync(service.configFile, "connections:\n  max: 77\n");
  const good = await run("reload-config");
  expect(good.preview.reload).toMatchObject({
    valid: true,
    changes: [{ key: "connections.max", before: 500, after: 77 }],
  });
  expect(good.action).toMatchObject({ state: "succeeded", reload: { applied: ["connections.max"] } });
  await until("the new limit", () => parts.fleet.latest("local").max_connections === 77);

  writeFileSync(service.configFile, "connections:\n  max: many\n");
  const bad = await run("reload-config");
  expect(bad.preview.reload?.valid).toBe(false);
  expect(bad.action).toMatchObject({ state: "failed", error: { code: "INVALID_CONFIG" } });
  expect(bad.action.reload?.mistakes[0]).toMatchObject({ key: "connections.max", line: 2 });
  expect(parts.fleet.latest("local").max_connections).toBe(77);
});
