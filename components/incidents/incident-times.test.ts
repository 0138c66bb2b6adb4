import { expect, test } from "vitest";
import type { IncidentSummary } from "@/lib/contract/console-api";
import { incidentTimes } from "./incident-times";

const incident: IncidentSummary = {
  id: "INC-1",
  title: "late updates",
  severity: "sev2",
  status: "open",
  serverIds: [],
  lead: "mei",
  startedAtMs: 1_000_000,
  detectedAtMs: 1_000_000 + 300_000,
  mitigatedAtMs: null,
  resolvedAtMs: null,
};

test("the time to mitigate is unknown until it is mitigated", () => {
  expect(incidentTimes(incident)).toEqual({
    detectMs: 300_000,
    detectBreach: null,
    mitigateMs: null,
    mitigateBreach: null,
  });
});

test("over five minutes to detect and over an hour to mitigate stand out", () => {
  const slow = { ...incident, detectedAtMs: 1_300_001, mitigatedAtMs: 1_000_000 + 3_600_001 };
  expect(incidentTimes(slow)).toMatchObject({ detectBreach: "warn", mitigateBreach: "warn" });
});
