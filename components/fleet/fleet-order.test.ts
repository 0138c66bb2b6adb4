import { expect, test } from "vitest";
import type { ServerSummary } from "@/lib/contract/console-api";
import { heldOrder, idsOf, orderServers } from "./fleet-order";

function server(id: string, region: string, more: Partial<ServerSummary> = {}): ServerSummary {
  return {
    id,
    name: id,
    labels: {},
    region,
    adminUrl: "http://127.0.0.1:1",
    wsUrl: null,
    version: null,
    state: "healthy",
    reason: null,
    sinceMs: 0,
    lastSampleAtMs: 1,
    latest: {},
    ...more,
  };
}

const fleet = [
  server("a-1", "a"),
  server("a-2", "a", { state: "degraded" }),
  server("b-1", "b", { state: "critical" }),
  server("b-10", "b"),
  server("b-2", "b"),
  server("c-1", "c"),
];

test("groups and servers stand worst first, healthy ones by name with numbers as numbers", () => {
  const groups = orderServers(fleet, "worst", "region");
  expect(groups.map((group) => group.region)).toEqual(["b", "a", "c"]);
  expect(idsOf(groups)).toEqual(["b-1", "b-2", "b-10", "a-2", "a-1", "c-1"]);
});

test("a server without the value stands last", () => {
  const servers = [
    server("x", "a"),
    server("y", "a", { latest: { push_latency_p99_ms: 5 } }),
    server("z", "a", { latest: { push_latency_p99_ms: 50 } }),
  ];
  expect(idsOf(orderServers(servers, "p99", "none"))).toEqual(["z", "y", "x"]);
  const uptimes = [server("x", "a"), server("y", "a", { latest: { uptime_seconds: 5 } })];
  expect(idsOf(orderServers(uptimes, "uptime", "none"))).toEqual(["y", "x"]);
});

test("a held order stays when states change, and new servers come last", () => {
  const held = idsOf(orderServers(fleet, "worst", "region"));
  const changed = fleet.map((one) => (one.id === "c-1" ? { ...one, state: "down" as const } : one));
  changed.push(server("c-0", "c", { state: "down" }));
  const fresh = orderServers(changed, "worst", "region");
  expect(idsOf(fresh)[0]).toBe("c-0");
  expect(idsOf(heldOrder(fresh, held))).toEqual([...held, "c-0"]);
});
