import { expect, test } from "vitest";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { Sources } from "./sources";
import { scriptedFeed } from "./test-scripted-feed";

const options = { logger: silentLogger(), retryLongestMs: 40, maxBytes: 1_024 };

test("a source without the lease stands by; it starts when the lease is won and stops when it is lost", async () => {
  const owned = new Set(["a"]);
  let changed = () => {};
  const lease = {
    own: (name: string) => owned.has(name),
    onChange: (listener: () => void) => {
      changed = listener;
    },
  };
  const feeds = [scriptedFeed("a"), scriptedFeed("b")];
  const sources = new Sources(feeds, { ...options, lease });
  const states = () => sources.statuses(Date.now()).map(({ state }) => state);
  await sources.start(() => {});
  expect(states()).toEqual(["running", "standby"]);
  expect(feeds[1]?.sessions).toHaveLength(0);
  owned.delete("a");
  owned.add("b");
  changed();
  await until("the other one runs", () => states().join() === "standby,running");
  expect(feeds[0]?.sessions[0]?.signal.aborted).toBe(true);
  expect(sources.covers("a.x")).toBe(true);
  await sources.stop();
  expect(states()).toEqual(["stopped", "stopped"]);
});

test("an unknown source and a service that stops are told apart", async () => {
  const sources = new Sources([scriptedFeed("a")], options);
  await sources.start(() => {});
  await expect(sources.restart("b")).rejects.toMatchObject({ code: "UNKNOWN_SOURCE" });
  await sources.stop();
  await expect(sources.restart("a")).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
});
