import fc from "fast-check";
import { expect, test } from "vitest";
import { isBefore, readFeedEntry, readLastValue } from "./feed-entry";

test("whatever stands in the stream has a kind, and only whole messages are messages", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("h", "t", "d", "forget", "released", "1 2 e o 3", "[null]"),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), (fields) => {
      const entry = readFeedEntry(["1-1", fields]);
      expect(["message", "forget", "released", "foreign"]).toContain(entry.kind);
      if (entry.kind !== "message") return;
      expect(Number.isSafeInteger(entry.seq) && Number.isSafeInteger(entry.atMs)).toBe(true);
    }),
  );
});

test("a message comes back as it was given", () => {
  const fields = ["h", "7 1795465994447 epoch origin 12", "t", "a topic", "d", '{"x":"1 2"}'];
  expect(readFeedEntry(["1-1", fields])).toEqual({
    kind: "message",
    epoch: "epoch",
    topic: "a topic",
    seq: 7,
    atMs: 1795465994447,
    data: '{"x":"1 2"}',
    origin: "origin",
    reference: 12,
  });
});

test("a last value comes back as it was kept, whatever its data are", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.json(), (seq, atMs, data) => {
      expect(readLastValue(`${seq} ${atMs} ${data}`)).toEqual({ seq, atMs, data });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void readLastValue(text)));
});

test("ids are ordered by time and then by count, as numbers", () => {
  const ids = ["0-0", "5-0", "5-9", "5-10", "9-0", "10-0", "1795465994447-2"];
  for (const [at, a] of ids.entries()) {
    for (const [other, b] of ids.entries()) expect(isBefore(a, b)).toBe(at < other);
  }
});
