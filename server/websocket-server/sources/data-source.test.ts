import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { CodedError } from "../../../lib/errors";
import { silentLogger } from "../../testing/silent-logger";
import { until } from "../../testing/until";
import { DataSource } from "./data-source";
import { type Publish, RefusedError, type Session } from "./source";
import { scriptedFeed } from "./test-scripted-feed";

const started: DataSource[] = [];
afterEach(async () => {
  for (const source of started.splice(0)) await source.rest("stopped");
});

function sourceOf(feed: ReturnType<typeof scriptedFeed>, publish: Publish = () => {}, lines: string[] = []) {
  const options = { logger: silentLogger(lines), retryLongestMs: 100, maxBytes: 64, random: () => 1 };
  const source = new DataSource(feed, publish, options);
  started.push(source);
  const status = () => source.status(Date.now());
  return { source, status };
}

test("connects again by itself after a loss, and counts it", async () => {
  const feed = scriptedFeed("s");
  const lines: string[] = [];
  const { source, status } = sourceOf(feed, () => {}, lines);
  await source.start();
  expect(status()).toMatchObject({ state: "running", reconnects_total: 0, down_since_at_ms: null });
  feed.fail(new Error("reset by peer"));
  await until("it lost the connection", () => status().state !== "running");
  expect(status()).toMatchObject({ errors_total: 1, last_error: "reset by peer" });
  expect(status().down_since_at_ms).not.toBeNull();
  await until("it is back", () => status().state === "running");
  expect(status()).toMatchObject({ reconnects_total: 1, down_since_at_ms: null });
  expect(lines.join("\n")).toMatch(/WARN {2}data source lost source=s state=backoff error="reset by peer"/);
});

test("a refusal is failed, not backoff, and is tried again all the same", async () => {
  let right = false;
  const feed = scriptedFeed("s", (session) => {
    if (!right) throw new RefusedError("password hunter2 is wrong");
    session.connected();
  });
  const { source, status } = sourceOf(feed);
  await source.start();
  await until("it failed", () => status().state === "failed");
  expect(status().last_error).toBe("password *** is wrong");
  right = true;
  await until("it is back", () => status().state === "running");
});

test("a restart ends the session, makes another at once and counts a reconnect", async () => {
  const feed = scriptedFeed("s");
  const { source, status } = sourceOf(feed);
  await source.start();
  await Promise.all([source.restart(), source.restart()]);
  expect(feed.sessions.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
  expect(status()).toMatchObject({ state: "running", reconnects_total: 2, errors_total: 0 });
});

test("nothing of an ended session is published", async () => {
  const published: string[] = [];
  const feed = scriptedFeed("s");
  const { source } = sourceOf(feed, (topic) => published.push(topic));
  await source.start();
  await source.rest("standby");
  feed.sessions[0]?.publish("late", 1);
  expect(published).toEqual([]);
  await source.restart();
  expect(source.status(Date.now())).toMatchObject({ state: "standby", reconnects_total: 0 });
});

test("a message without a place may be offered again; one that is its own fault may not", async () => {
  const feed = scriptedFeed("s");
  const { source, status } = sourceOf(feed, async (_topic, data) => {
    if (data === "away") throw new CodedError("CACHE_UNAVAILABLE", "no place now");
    if (data === "broken") throw new RangeError("too deep");
  });
  await source.start();
  const [session] = feed.sessions as [Session];
  expect(await session.publish("a", "fine")).toBe(true);
  expect(await session.publish("a", "away")).toBe(false);
  expect(await session.publish("a", "broken")).toBe(true);
  expect(status()).toMatchObject({ messages_total: 1, errors_total: 2, state: "running" });
});

test("no payload and no topic name ends a source or throws: what can't be used is counted", async () => {
  const feed = scriptedFeed("s");
  const { source, status } = sourceOf(feed, (_topic, data) => JSON.stringify(data));
  await source.start();
  const [session] = feed.sessions as [Session];
  const deep = fc.nat(40_000).map((depth) => "[".repeat(depth) + "]".repeat(depth));
  const text = fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary", maxLength: 200 }), deep);
  const topic = fc.oneof(fc.constant("a.b"), fc.string(), fc.constant("__proto__"));
  await fc.assert(
    fc.asyncProperty(topic, text, fc.constantFrom("json", "text"), async (name, payload, format) => {
      const before = status().messages_total + status().errors_total;
      expect(await session.receive(name, payload, format)).toBe(true);
      expect(status().messages_total + status().errors_total).toBe(before + 1);
      expect(status().state).toBe("running");
    }),
  );
});

test("a value that can't be written as JSON is an error of its own", async () => {
  const feed = scriptedFeed("s");
  const { source, status } = sourceOf(feed, (_topic, data) => JSON.stringify(data));
  await source.start();
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  expect(feed.sessions[0]?.publish("a", deep)).toBe(true);
  expect(status()).toMatchObject({ messages_total: 0, errors_total: 1, state: "running" });
});
