import { expect, test } from "vitest";
import { Flusher, type FlusherClock } from "./flusher";

/** A clock that runs only when told to; what is due at a turn's end runs at once. */
function stage({ flushMs = "adaptive" as number | "adaptive", costMs = 0 } = {}) {
  let now = 1_000;
  let due: { at: number; call: () => void } | null = null;
  const flushes: { at: number; messages: number }[] = [];
  let messages = 0;
  const clock: FlusherClock = {
    now: () => now,
    after(ms, call) {
      const mine = { at: now + ms, call };
      due = mine;
      return () => {
        if (due === mine) due = null;
      };
    },
    atTurnEnd: (call) => clock.after(0, call),
  };
  const flusher = new Flusher({
    flushMs: () => flushMs,
    flush() {
      flushes.push({ at: now, messages });
      messages = 0;
      now += costMs;
    },
    clock,
  });
  const runUntil = (end: number) => {
    while (due !== null && due.at <= end) {
      const { at, call } = due;
      due = null;
      now = Math.max(now, at);
      call();
    }
    now = Math.max(now, end);
  };
  return {
    flusher,
    flushes,
    now: () => now,
    runUntil,
    /** Messages at an even pace, whatever becomes of them. */
    openLoop(perSecond: number, seconds: number) {
      const startedAt = now;
      for (let i = 0; i < perSecond * seconds; i++) {
        runUntil(startedAt + (i * 1_000) / perSecond);
        messages++;
        flusher.note();
      }
      runUntil(now + 100);
      return flushes.splice(0);
    },
    /** `inFlight` messages at once, and as many again a moment after each flush. */
    closedLoop(inFlight: number, rounds: number, answerMs: number) {
      const waits: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const sentAt = now;
        for (let i = 0; i < inFlight; i++) {
          messages++;
          flusher.note();
        }
        while (messages > 0) runUntil(now + 0.1);
        waits.push((flushes.at(-1)?.at ?? 0) - sentAt);
        runUntil(now + answerMs);
      }
      return waits;
    },
  };
}

test("a quiet service sends each message in the turn in which it came", () => {
  const { openLoop } = stage({ costMs: 6 });
  const flushes = openLoop(50, 1);
  expect(flushes.map(({ messages }) => messages)).toEqual(Array<number>(50).fill(1));
  const [first] = flushes;
  for (const [i, { at }] of flushes.entries()) expect(at - (first?.at ?? 0)).toBeCloseTo(i * 20, 2);
});

test("stalls of a busy machine, after which messages come together, make none of them wait", () => {
  const { flusher, flushes, runUntil, now } = stage({ costMs: 12 });
  const startedAt = now();
  const arrivals = Array.from({ length: 500 }, (_, i) => {
    const ms = 20 * i;
    // Of each second a tenth passes without a turn.
    return startedAt + (ms % 1_000 >= 400 && ms % 1_000 < 500 ? ms - (ms % 1_000) + 500 : ms);
  });
  const notedAt = arrivals.map((at) => {
    runUntil(at);
    flusher.note();
    return now();
  });
  runUntil(now() + 100);
  expect(flushes.map(({ at }) => at)).toEqual([...new Set(notedAt)]);
});

test("under load messages wait for each other, up to 20 ms", () => {
  const { openLoop } = stage({ costMs: 7 });
  openLoop(500, 1);
  const flushes = openLoop(500, 2).slice(5, -5);
  const gaps = flushes.slice(1).map(({ at }, i) => at - (flushes[i]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(15);
  // 20 ms from the start of one flush to that of the next, and a message's distance
  expect(Math.max(...gaps)).toBeLessThanOrEqual(22.5);
});

test("messages don't wait while flushes cost next to nothing", () => {
  const { openLoop } = stage({ costMs: 0.05 });
  openLoop(500, 1);
  expect(openLoop(500, 1)).toHaveLength(500);
});

test("publishers that wait for their messages are not made to wait", () => {
  const { closedLoop } = stage({ costMs: 6 });
  closedLoop(16, 20, 1);
  const waits = closedLoop(16, 100, 1);
  // a trial now and then tells whether waiting would pay by now
  expect(waits.filter((wait) => wait < 0.2).length).toBeGreaterThan(95);
  expect(Math.max(...waits)).toBeLessThan(5);
});

test("an even load after one that stalled waits again", () => {
  const { closedLoop, openLoop } = stage({ costMs: 7 });
  closedLoop(16, 50, 1);
  openLoop(500, 1);
  const flushes = openLoop(500, 1);
  expect(flushes.length).toBeLessThan(70);
});

test("a fixed time is kept between flushes, without a wait for the first", () => {
  const { flusher, flushes, runUntil, openLoop, now } = stage({ flushMs: 50 });
  const startedAt = now();
  flusher.note();
  runUntil(startedAt + 1);
  expect(flushes).toHaveLength(1);
  flushes.length = 0;
  const later = openLoop(1_000, 1);
  expect(later.length).toBeGreaterThanOrEqual(20);
  expect(later.length).toBeLessThanOrEqual(22);
});

test("zero flushes each turn, and a stopped one never again", () => {
  const { openLoop, flusher, flushes, runUntil, now } = stage({ flushMs: 0, costMs: 1 });
  expect(openLoop(100, 1)).toHaveLength(100);
  flusher.note();
  flusher.stop();
  runUntil(now() + 1_000);
  expect(flushes).toHaveLength(0);
});
