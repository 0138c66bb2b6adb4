import { expect, test } from "vitest";
import { SampleRing } from "./sample-ring";

const names = ["active_connections", "queue_messages"] as const;

test("a slot that nobody wrote is a gap", () => {
  const ring = new SampleRing(1000, 10);
  ring.write(1000, names, [5, 1]);
  ring.write(3000, names, [7, null]);
  expect(ring.read("active_connections", 1000, 4000)).toEqual([5, null, 7, null]);
  expect(ring.read("queue_messages", 1000, 3000)).toEqual([1, null, null]);
  expect(ring.read("topics", 1000, 2000)).toEqual([null, null]);
});

test("a row replaces one of the same slot", () => {
  const ring = new SampleRing(1000, 10);
  ring.write(1000, names, [5, 1]);
  ring.write(1000, names, [6, 2]);
  expect(ring.read("active_connections", 1000, 1000)).toEqual([6]);
});

test("the oldest rows make room, and rows older than the ring are left out", () => {
  const ring = new SampleRing(1000, 3);
  for (let slot = 1; slot <= 5; slot++) ring.write(slot * 1000, names, [slot, 0]);
  ring.write(2000, names, [99, 0]);
  expect(ring.read("active_connections", 1000, 5000)).toEqual([null, null, 3, 4, 5]);
  expect(ring.newestSlotMs).toBe(5000);
});

test("history fills gaps and never replaces a live row", () => {
  const ring = new SampleRing(1000, 10);
  ring.write(3000, ["active_connections"], [30]);
  ring.fill("active_connections", [1000, 2000, 3000], [10, null, 99]);
  ring.fill("queue_messages", [3000], [4]);
  expect(ring.read("active_connections", 1000, 3000)).toEqual([10, null, 30]);
  expect(ring.read("queue_messages", 3000, 3000)).toEqual([4]);
});
