import { expect, test } from "vitest";
import { Counters } from "../counters";
import type { Batch } from "../outbound/batch";
import type { SequencedMessage } from "./sequencer";
import { Subscriptions } from "./subscriptions";
import type { Subscriber } from "./topic";
import { Topics } from "./topics";

function message(seq: number, fields: Partial<SequencedMessage> = {}): SequencedMessage {
  return { epoch: "e1", topic: "a", seq, atMs: 1, data: String(seq), acceptedAtMs: null, ...fields };
}

/** Someone who writes down what comes. */
function reader(): Subscriber & { got: Record<string, unknown>[] } {
  const got: Record<string, unknown>[] = [];
  return {
    got,
    subscriptions: new Map(),
    patterns: null,
    deliver(batch: Batch) {
      for (const { frame } of batch.messages) got.push(JSON.parse(frame.toString("utf8", 2)));
    },
    send: (notice) => got.push(notice),
    room: () => Number.POSITIVE_INFINITY,
    note: () => {},
  };
}

function subscribed() {
  const counters = new Counters();
  const topics = new Topics({
    epoch: "e1",
    counters,
    covers: () => true,
    fedBySource: () => true,
    limits: () => ({ messages: 10, seconds: 300, maxBytes: 1_000_000, forgetAfterSeconds: 3_600 }),
  });
  const limits = () => ({ topics: 100, patterns: 10, patternsInAll: 100 });
  const subscriptions = new Subscriptions({ topics, counters, limits });
  const subscriber = reader();
  subscriptions.subscribe(subscriber, "a", null);
  const flush = () => topics.find("a")?.flush(0);
  return { counters, topics, subscriber, flush };
}

test("what was applied already is passed over", () => {
  const { topics, subscriber, flush } = subscribed();
  topics.apply([message(1), message(1), message(2), message(1)]);
  flush();
  expect(subscriber.got.map(({ seq }) => seq)).toEqual([1, 2]);
  topics.stop();
});

test("messages that never came are told as a gap, in their place", () => {
  const { topics, subscriber, flush, counters } = subscribed();
  topics.apply([message(1), message(4)]);
  flush();
  expect(subscriber.got).toMatchObject([
    { seq: 1 },
    { op: "gap", topic: "a", epoch: "e1", from_seq: 2, to_seq: 3, reason: "messages_lost" },
    { seq: 4 },
  ]);
  expect(counters.gaps).toBe(1);
  topics.stop();
});

test("another epoch starts every topic anew and tells it", () => {
  const { topics, subscriber, flush } = subscribed();
  topics.apply([message(1), message(2), message(1, { epoch: "e2" })]);
  flush();
  expect(topics.epoch).toBe("e2");
  expect(subscriber.got).toMatchObject([
    { seq: 1 },
    { seq: 2 },
    { op: "gap", topic: "a", epoch: "e2", from_seq: 1, to_seq: 0, reason: "epoch_changed" },
    { seq: 1 },
  ]);
  topics.stop();
});

test("values of the epoch before are gone, and topics that nobody holds with them", () => {
  const { topics } = subscribed();
  topics.apply([message(1), message(1, { topic: "b" })]);
  expect(topics.cachedEntries).toBe(2);
  topics.startEpoch("e2");
  expect(topics.cachedEntries).toBe(0);
  expect(topics.cachedBytes).toBe(0);
  expect([...topics.values()].map(({ name }) => name)).toEqual(["a"]);
  topics.stop();
});
