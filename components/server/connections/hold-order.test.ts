import { expect, test } from "vitest";
import type { Connection } from "@/lib/contract/service-api";
import { holdOrder } from "./hold-order";

const row = (id: string, buffered_bytes: number): Connection => ({
  id,
  remote_ip: "192.0.2.1",
  remote_port: 40_000,
  user_agent: "",
  connected_at_ms: 0,
  idle_time: 0,
  last_message_at_ms: null,
  rtt_ms: null,
  subscriptions: 0,
  messages_in_total: 0,
  messages_out_total: 0,
  bytes_in_total: 0,
  bytes_out_total: 0,
  buffered_bytes,
  dropped_total: 0,
  state: "active",
});

test("values are new and places are old while the order is held", () => {
  const { rows, changed } = holdOrder([row("a", 9), row("b", 5)], [row("b", 12), row("a", 8)]);
  expect(rows.map((r) => [r.id, r.buffered_bytes])).toEqual([
    ["a", 8],
    ["b", 12],
  ]);
  expect(changed).toBe(true);
});

test("a row that left the page keeps its place and its last values", () => {
  const { rows, changed } = holdOrder([row("a", 9), row("b", 5)], [row("a", 9), row("c", 7)]);
  expect(rows.map((r) => r.id)).toEqual(["a", "b"]);
  expect(rows[1]?.buffered_bytes).toBe(5);
  expect(changed).toBe(true);
});

test("new values in the old order are no change of order", () => {
  expect(holdOrder([row("a", 9), row("b", 5)], [row("a", 10), row("b", 6)]).changed).toBe(false);
});
