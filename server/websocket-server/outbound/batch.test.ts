import { expect, test } from "vitest";
import { Histogram } from "../histogram";
import { batchOf, type OutboundMessage } from "./batch";

const message = (text: string, acceptedAt: number | null): OutboundMessage => ({
  frame: Buffer.from(text),
  topic: "t",
  acceptedAt,
});

test("latencies counted a batch at a time are those counted one by one, whenever clients take it", () => {
  const accepted = [0, 0.05, 3, 3.4, 9.9, null, 12];
  const batch = batchOf(accepted.map((at) => message("x", at)));
  const together = new Histogram();
  const singly = new Histogram();
  for (let now = 12; now < 400; now += 0.73) {
    batch.observe(together, now);
    for (const at of accepted) if (at !== null) singly.observe(now - at);
  }
  expect(together.counts).toEqual(singly.counts);
  expect(together.sumMs).toBeCloseTo(singly.sumMs, 6);
});

test("clients with the same queue share its bytes, another queue has its own", () => {
  const [a, b, c] = ["a", "b", "c"].map((text) => batchOf([message(text, null)])) as [
    ReturnType<typeof batchOf>,
    ReturnType<typeof batchOf>,
    ReturnType<typeof batchOf>,
  ];
  const joined = a.join([a, b]);
  expect(joined.toString()).toBe("ab");
  expect(a.join([a, b])).toBe(joined);
  expect(a.join([a, c]).toString()).toBe("ac");
  expect(a.join([a, b, c]).toString()).toBe("abc");
});

test("a large batch is cut between messages, once for all clients, and counts as before", () => {
  const texts = ["aa", "b", "cccccccc", "dd", "dd"];
  const batch = batchOf(texts.map((text, at) => message(text, at)));
  const pieces = batch.split(4);
  expect(pieces.map(({ buffer }) => buffer.toString())).toEqual(["aab", "cccccccc", "dddd"]);
  expect(batch.split(4)).toBe(pieces);
  expect(pieces.flatMap(({ messages }) => messages)).toEqual(batch.messages);
  expect(batch.split(15)).toEqual([batch]);
  const [, single] = pieces;
  expect(single?.split(4)).toEqual([single]);
});
