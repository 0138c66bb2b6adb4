import { expect, test } from "vitest";
import type { Connection } from "./connection";
import { spendMessage } from "./message-rate";

const fresh = () =>
  ({ allowance: Number.POSITIVE_INFINITY, allowanceAt: 0, refusals: 0 }) as unknown as Connection;

/** What became of `seconds` of messages at `rate`, ten a second allowed. */
function send(rate: number, seconds: number) {
  const connection = fresh();
  const spent = { ok: 0, refused: 0, ended: 0 };
  for (let i = 0; i < rate * seconds; i++) spent[spendMessage(connection, 10, 1_000 + (i * 1_000) / rate)]++;
  return spent;
}

test("who keeps to the rate is never refused", () => {
  expect(send(10, 60)).toEqual({ ok: 600, refused: 0, ended: 0 });
});

test("who is somewhat above it is refused the rest for as long as it goes on", () => {
  const { ok, refused, ended } = send(15, 60);
  expect(ok).toBeGreaterThanOrEqual(600);
  expect(refused).toBeGreaterThan(250);
  expect(ended).toBe(0);
});

test("who floods is ended, though some of its messages are within the rate", () => {
  const { ok, ended } = send(100, 10);
  expect(ok).toBeGreaterThan(10);
  expect(ended).toBeGreaterThan(0);
});
