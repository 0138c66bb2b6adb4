import { expect, test } from "vitest";
import { LocalSequencer } from "./local-sequencer";
import type { SequencedMessage } from "./sequencer";

async function started(topicsAGeneration?: number) {
  const sequencer = new LocalSequencer(topicsAGeneration);
  const messages: SequencedMessage[] = [];
  await sequencer.start((placed) => messages.push(...placed));
  return { sequencer, messages };
}

test("numbers each topic by one and hands the message over before publish returns", async () => {
  const { sequencer, messages } = await started();
  const place = sequencer.publish("a", "1");
  expect(messages).toMatchObject([{ epoch: sequencer.epoch, topic: "a", seq: 1, data: "1" }]);
  expect(await place).toEqual({ epoch: sequencer.epoch, seq: 1 });
  expect(await sequencer.publish("b", "1")).toMatchObject({ seq: 1 });
  expect(await sequencer.publish("a", "2")).toMatchObject({ seq: 2 });
});

test("each start has an epoch of its own", () => {
  expect(new LocalSequencer().epoch).not.toBe(new LocalSequencer().epoch);
});

test("with endless names no topic ever gets a number twice", async () => {
  const { sequencer } = await started(3);
  const last = new Map<string, number>();
  for (let i = 0; i < 500; i++) {
    const topic = `t${(i * i) % 23}`;
    const { seq } = await sequencer.publish(topic, "0");
    expect(seq).toBeGreaterThan(last.get(topic) ?? 0);
    last.set(topic, seq);
  }
});
