import { expect, test } from "vitest";
import type { ServerSummary } from "@/lib/contract/console-api";
import { type FleetFilter, matches } from "./fleet-filter";

const server: ServerSummary = {
  id: "ws-eu-1",
  name: "Frankfurt",
  labels: { region: "eu-west", tier: "1" },
  region: "eu-west",
  adminUrl: "http://127.0.0.1:1",
  wsUrl: null,
  version: null,
  state: "degraded",
  reason: null,
  sinceMs: 0,
  lastSampleAtMs: null,
  latest: {},
};

const all: FleetFilter = { q: "", status: "all", label: "" };
const found = (filter: Partial<FleetFilter>) => matches(server, { ...all, ...filter }, "Degraded");

test("text is looked for in name, id, region, labels and the state's word", () => {
  for (const q of ["frank", "WS-EU", "eu-west", "tier=1", "degr", "  "]) expect(found({ q })).toBe(true);
  expect(found({ q: "us-east" })).toBe(false);
});

test("trouble is every state but healthy", () => {
  expect(found({ status: "trouble" })).toBe(true);
  expect(matches({ ...server, state: "healthy" }, { ...all, status: "trouble" }, "Healthy")).toBe(false);
});

test("status, label and text hold together", () => {
  expect(found({ status: "degraded", label: "tier=1", q: "frank" })).toBe(true);
  expect(found({ status: "critical" })).toBe(false);
  expect(found({ label: "tier=2" })).toBe(false);
});
