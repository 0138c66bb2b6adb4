import { expect, test } from "vitest";
import { type ConnectionFilter, filterOfQuery, listQuery, matchOfFilter } from "./connection-filter";

const none: ConnectionFilter = {
  q: "",
  idle: null,
  buffered: null,
  state: null,
  ip: null,
  topic: null,
  sort: "buffered_bytes",
  order: "desc",
};

test("a stored query gives back the filter that made it", () => {
  const filter = { ...none, q: "mobile", idle: 300, state: "slow", ip: "192.0.2.1", sort: "rtt_ms" } as const;
  expect(filterOfQuery(listQuery(filter))).toEqual(filter);
  expect(filterOfQuery(listQuery(none))).toEqual(none);
});

test("a list without a filter never turns into a clean-up of everyone", () => {
  expect(matchOfFilter(none)).toBeUndefined();
});

test("a clean-up of what is listed takes quiet subscribers along, since the list shows them", () => {
  expect(matchOfFilter({ ...none, idle: 300 })).toEqual({ idle_seconds: 300, include_subscribed: true });
  expect(matchOfFilter({ ...none, buffered: 1024, ip: "192.0.2.1" })).toEqual({
    idle_seconds: 0,
    include_subscribed: true,
    ip: "192.0.2.1",
    min_buffered: 1024,
  });
});

test("text and state can't be matched by a clean-up, so none is offered", () => {
  expect(matchOfFilter({ ...none, idle: 300, q: "mobile" })).toBe("unmatchable");
  expect(matchOfFilter({ ...none, state: "slow" })).toBe("unmatchable");
});
