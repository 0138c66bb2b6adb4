import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesGlob } from "../../process/glob";
import { Patterns } from "./pattern";
import type { Subscriber } from "./topic";

const nobody = { subscriptions: new Map() } as unknown as Subscriber;
const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), minLength: 1, maxLength: 6 });
const name = fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 1, maxLength: 8 });

test("finds the same patterns as asking each, whatever came and went", () => {
  fc.assert(
    fc.property(fc.uniqueArray(text), fc.uniqueArray(text), name, (kept, gone, topic) => {
      const patterns = new Patterns();
      const left = gone.filter((each) => !kept.includes(each));
      const all = [...left, ...kept].map((each) => patterns.join(each, nobody));
      for (const each of all.slice(0, left.length)) patterns.leave(each, nobody);
      const found = [...patterns.matching(topic)].map((pattern) => pattern.text);
      expect(found.sort()).toEqual(kept.filter((each) => matchesGlob(each, topic)).sort());
      expect(patterns.size).toBe(kept.length);
    }),
  );
});

test("a new topic is held only against patterns that begin like it", () => {
  const patterns = new Patterns();
  let asked = 0;
  for (let n = 0; n < 5_000; n++) {
    const pattern = patterns.join(`room.${n}.*`, nobody);
    const { matches } = pattern.glob;
    Object.assign(pattern.glob, {
      matches(topic: string) {
        asked++;
        return matches(topic);
      },
    });
  }
  for (let n = 0; n < 1_000; n++) expect([...patterns.matching(`room.${n}.x`)]).toHaveLength(1);
  expect(asked).toBe(1_000);
});
