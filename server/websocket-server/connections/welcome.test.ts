import { expect, test } from "vitest";
import type { Settings } from "../config/schema";
import { createWelcome } from "./welcome";

const settings = (interval: number) =>
  ({
    "heartbeat.interval": interval,
    "messages.max_bytes": 1_000,
    "messages.max_per_second": 100,
    "subscriptions.max_per_connection": 10,
    "subscriptions.patterns": false,
    "subscriptions.max_patterns_per_connection": 5,
  }) as Settings;

test("says what is in force when a client comes, whatever was said before", () => {
  let now = { settings: settings(30), serverId: "s", epoch: "e1" };
  const welcome = createWelcome({
    settings: () => now.settings,
    serverId: () => now.serverId,
    epoch: () => now.epoch,
  });
  const limits = { max_bytes: 1_000, max_messages_per_second: 100, max_subscriptions: 10, max_patterns: 0 };
  const first = {
    op: "welcome",
    connection_id: "c-1",
    server_id: "s",
    epoch: "e1",
    heartbeat_interval: 30,
    limits,
  };
  expect(JSON.parse(welcome("c-1"))).toEqual(first);
  expect(JSON.parse(welcome("c-2"))).toEqual({ ...first, connection_id: "c-2" });
  now = { ...now, epoch: "e2" };
  expect(JSON.parse(welcome("c-1"))).toEqual({ ...first, epoch: "e2" });
  now = { ...now, settings: settings(5) };
  expect(JSON.parse(welcome("c-1"))).toEqual({ ...first, epoch: "e2", heartbeat_interval: 5 });
});
