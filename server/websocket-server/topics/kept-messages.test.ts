import { expect, test } from "vitest";
import { Counters } from "../counters";
import { keptMessages } from "./kept-messages";
import { Topics } from "./topics";

function emptyTopics() {
  return new Topics({
    epoch: "e1",
    counters: new Counters(),
    covers: () => true,
    fedBySource: () => true,
    limits: () => ({ messages: 3, seconds: 1e9, maxBytes: 1_000_000, forgetAfterSeconds: 3_600 }),
  });
}

test("another process gets values and histories, and knows what was forgotten", () => {
  const [one, other] = [emptyTopics(), emptyTopics()];
  const atMs = Date.now();
  const say = (topic: string, seq: number) => ({
    epoch: "e1",
    topic,
    seq,
    atMs: atMs + seq,
    data: `{"data":"ü","n":${seq}}`,
    acceptedAtMs: null,
  });
  for (const seq of [1, 2, 3, 4, 5]) one.apply([say("a", seq), say("b", seq), say("c", seq)]);
  one.heed({ kind: "forget", topics: ["c"] });
  const { messages, withoutValue } = keptMessages(one);
  other.apply(messages);
  other.heed({ kind: "forget", topics: withoutValue });
  for (const name of ["a", "b", "c"]) {
    const [kept, copied] = [one.find(name), other.find(name)];
    expect(copied).toMatchObject({ seq: 5, last: kept?.last });
    expect(copied?.history.after(2)).toEqual(kept?.history.after(2));
  }
  expect(other.find("a")?.history.after(2)).toHaveLength(3);
  expect(withoutValue).toEqual(["c"]);
  for (const topics of [one, other]) topics.stop();
});
