import { expect, test } from "vitest";
import { entryBytes, History, type HistoryLimits, TopicHistory } from "./history";

function history(changes: Partial<HistoryLimits> = {}) {
  const limits = { messages: 5, seconds: 10, maxBytes: 1_000_000, ...changes };
  const all = new History(() => ({ ...limits }));
  const add = (owner: TopicHistory, seq: number, atMs = 0, bytes = 10) =>
    all.add(owner, { seq, atMs, data: "0", bytes });
  return { limits, all, add };
}

test("keeps the newest messages of each topic and tells what came after a number", () => {
  const { all, add } = history();
  const owner = new TopicHistory();
  for (let seq = 1; seq <= 8; seq++) add(owner, seq);
  expect(owner.messages).toBe(5);
  expect(owner.after(3)).toHaveLength(5);
  expect(owner.after(6)).toHaveLength(2);
  expect(owner.after(2)).toBeNull();
  expect(all).toMatchObject({ messages: 5, bytes: 50 });
});

test("lets go of what is too old, over all topics", () => {
  const { all, add } = history();
  const [one, two] = [new TopicHistory(), new TopicHistory()];
  add(one, 1, 0);
  add(two, 1, 5_000);
  add(one, 2, 9_000);
  all.expire(12_000);
  expect([one.messages, two.messages]).toEqual([1, 1]);
  all.expire(60_000);
  expect(all).toMatchObject({ messages: 0, bytes: 0 });
});

test("the oldest of all topics goes first when memory is short", () => {
  const { all, add } = history({ maxBytes: 3 * (entryBytes + 10) });
  const [one, two] = [new TopicHistory(), new TopicHistory()];
  for (const seq of [1, 2]) add(one, seq);
  for (const seq of [1, 2]) add(two, seq);
  expect(one.after(0)).toBeNull();
  expect(one.after(1)).toHaveLength(1);
  expect(two.after(0)).toHaveLength(2);
  add(two, 3, 0, 1_000_000);
  expect(all).toMatchObject({ messages: 0, bytes: 0 });
});

test("lower limits hold for what is kept already", () => {
  const { all, add, limits } = history();
  const owner = new TopicHistory();
  for (let seq = 1; seq <= 5; seq++) add(owner, seq);
  limits.messages = 2;
  all.expire(0);
  expect(owner.after(3)).toHaveLength(2);
  expect(owner.after(2)).toBeNull();
  limits.messages = 0;
  all.expire(0);
  expect(owner.messages).toBe(0);
});
