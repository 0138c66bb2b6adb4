import { expect, test } from "vitest";
import { chooseTopics, demoTopics } from "./topic-choice";

test("never asks for a topic twice, nor for one that does not exist", () => {
  const topics = demoTopics();
  for (let seed = 0; seed < 50; seed += 1) {
    const chosen = chooseTopics(topics, 8, Math.random);
    expect(new Set(chosen).size).toBe(chosen.length);
    for (const topic of chosen) expect(topics).toContain(topic);
  }
});

test("wants the first topics more often than the last", () => {
  const topics = Array.from({ length: 100 }, (_, rank) => `topic.${rank}`);
  // the draws of a thousand evenly spread readers
  const draws = Array.from({ length: 1_000 }, (_, i) => chooseTopics(topics, 1, () => (i + 0.5) / 1_000)[0]);
  const wanted = (topic: string) => draws.filter((drawn) => drawn === topic).length;
  expect(wanted("topic.0")).toBe(151);
  expect(wanted("topic.9")).toBe(21);
  expect(wanted("topic.98")).toBe(2);
});
