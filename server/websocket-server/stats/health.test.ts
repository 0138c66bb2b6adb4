import { expect, it } from "vitest";
import type { DataSource } from "../../../lib/contract/service-api";
import { statsFixture } from "../../testing/stats-fixture";
import { checkHealth } from "./health";

const memory = { backend: "memory", state: "ready", reason: null } as const;

const sourceFixture: DataSource = {
  name: "feed",
  type: "redis",
  state: "running",
  down_since_at_ms: null,
  topics: 1,
  last_message_at_ms: null,
  messages_total: 0,
  messages_per_second: 0,
  errors_total: 0,
  reconnects_total: 0,
  last_error: null,
};

it("warns of a log that can't be written, and no longer than a minute after it can", () => {
  const stats = statsFixture({ id: "a", instanceId: "i", startedAtMs: 1_700_000_000_000 }, 120_000);
  const logAt = (ageMs: number) => {
    const logs = {
      ...stats.logs,
      failed_writes_total: 3,
      last_failed_write_at_ms: stats.server.now_ms - ageMs,
    };
    return checkHealth({ ...stats, logs }, memory).checks.find(({ name }) => name === "log")?.status;
  };
  expect(logAt(60_000)).toBe("warn");
  expect(logAt(60_001)).toBe("pass");
});

it("warns of a data source that is refused at once, of one that is lost after ten seconds, with its name", () => {
  const stats = statsFixture({ id: "a", instanceId: "i", startedAtMs: 1_700_000_000_000 }, 120_000);
  const check = (state: DataSource["state"], downForMs: number | null) => {
    const down_since_at_ms = downForMs === null ? null : stats.server.now_ms - downForMs;
    const source = { ...sourceFixture, state, down_since_at_ms };
    return checkHealth({ ...stats, datasources: [source] }, memory).checks.find(
      ({ name }) => name === "datasources",
    );
  };
  expect(check("running", null)?.status).toBe("pass");
  expect(check("standby", null)?.status).toBe("pass");
  expect(check("backoff", 9_999)?.status).toBe("pass");
  expect(check("connecting", 10_000)).toMatchObject({ status: "warn", message: "down: feed (connecting)" });
  expect(check("failed", 0)).toMatchObject({ status: "warn", message: "down: feed (failed)" });
});
