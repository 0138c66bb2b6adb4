import { expect, it } from "vitest";
import { statsFixture } from "../../testing/stats-fixture";
import { checkHealth } from "./health";

it("warns of a log that can't be written, and no longer than a minute after it can", () => {
  const stats = statsFixture({ id: "a", instanceId: "i", startedAtMs: 1_700_000_000_000 }, 120_000);
  const logAt = (ageMs: number) => {
    const logs = {
      ...stats.logs,
      failed_writes_total: 3,
      last_failed_write_at_ms: stats.server.now_ms - ageMs,
    };
    return checkHealth({ ...stats, logs }).checks.find(({ name }) => name === "log")?.status;
  };
  expect(logAt(60_000)).toBe("warn");
  expect(logAt(60_001)).toBe("pass");
});
