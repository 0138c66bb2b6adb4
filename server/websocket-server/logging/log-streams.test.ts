import { expect, test } from "vitest";
import { until } from "../test-service";
import { LogStreams } from "./log-streams";
import { RecentLines } from "./recent-lines";

const text = (number: number) => `2026-01-01T00:00:00.000Z INFO  line ${number}`;
const numbers = (events: string) => [...events.matchAll(/INFO {2}line (\d+)/g)].map(([, n]) => Number(n));

function setUp(heartbeatMs?: number) {
  const recent = new RecentLines();
  const streams = new LogStreams(recent, heartbeatMs);
  let number = 0;
  return {
    streams,
    send(times = 1) {
      for (let i = 0; i < times; i++) {
        number++;
        const line = { number, text: text(number) };
        recent.add(line);
        streams.send(line);
      }
    },
  };
}

async function readSome(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  return Buffer.from((await reader.read()).value ?? []).toString();
}

test("a reader that does not read loses the oldest lines and is told how many", async () => {
  const { streams, send } = setUp();
  const reader = streams.open({}).getReader();
  send(50_000);
  const events = await readSome(reader);
  const got = numbers(events);
  const dropped = Number(/^event: dropped\ndata: \{"dropped":(\d+)\}/.exec(events)?.[1]);
  expect(events.length).toBeLessThan(400_000);
  expect(got.length + dropped).toBe(50_000);
  expect(got).toEqual(Array.from({ length: got.length }, (_, i) => dropped + 1 + i));
  send();
  expect(await readSome(reader)).not.toContain("dropped");
  await reader.cancel();
  expect(streams.size).toBe(0);
});

test("a reader that comes back too late is told what it missed for good", async () => {
  const { streams, send } = setUp();
  const reader = streams.open({}).getReader();
  send();
  const id = /id: (\S+)/.exec(await readSome(reader))?.[1];
  await reader.cancel();
  send(9_000);
  const back = await readSome(streams.open({}, id).getReader());
  const got = numbers(back);
  const dropped = Number(/"dropped":(\d+)/.exec(back)?.[1]);
  expect(got.at(-1)).toBe(9_001);
  expect(dropped + got.length).toBe(9_000);
});

test("an id of another process, or none, begins with what comes next", async () => {
  const { streams, send } = setUp();
  send(5);
  for (const id of ["00000000-1", "x", "", "-", "1-2-3"]) {
    const reader = streams.open({}, id).getReader();
    send();
    expect(numbers(await readSome(reader))).toHaveLength(1);
    await reader.cancel();
  }
});

test("a quiet stream is kept alive by comments, and ends with the service", async () => {
  const { streams } = setUp(1);
  const reader = streams.open({}).getReader();
  await readSome(reader);
  await until(async () => (await readSome(reader)) === ": heartbeat\n\n");
  void streams.end();
  await until(async () => (await reader.read()).done);
  expect(streams.size).toBe(0);
});
