import { expect, test } from "vitest";
import { simulatedSources } from "./simulated";

/** What each topic says first. */
function firstValues(seed: number): Map<string, string> {
  const values = new Map<string, string>();
  for (const source of simulatedSources(seed, 100)) {
    source.start((topic, data) => {
      if (!values.has(topic)) values.set(topic, JSON.stringify(data));
    });
    source.stop();
  }
  return values;
}

test("the same seed gives the same values, another seed others", () => {
  expect(firstValues(7)).toEqual(firstValues(7));
  expect(firstValues(8)).not.toEqual(firstValues(7));
});

test("some 200 topics of prices, sensors and events, each covered by one source", () => {
  const names = [...firstValues(1).keys()];
  expect(names).toHaveLength(196);
  for (const prefix of ["ticker.", "trades.", "sensor.", "events."]) {
    expect(names.some((name) => name.startsWith(prefix))).toBe(true);
  }
  const sources = simulatedSources(1, 100);
  for (const name of names) expect(sources.filter((source) => source.covers(name))).toHaveLength(1);
  expect(sources.some((source) => source.covers("ticker.NONE"))).toBe(false);
});

test("a stopped source says so", () => {
  const [source] = simulatedSources(1, 100);
  source?.start(() => {});
  expect(source?.status(Date.now())).toMatchObject({ state: "running", topics: 100, messages_total: 100 });
  source?.stop();
  expect(source?.status(Date.now()).state).toBe("stopped");
});
