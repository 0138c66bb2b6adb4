import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CodedError } from "../../../lib/errors";
import { until } from "../../testing/until";
import { encodeFrame, FrameReader } from "./frames";
import { fromMachineClock, toMachineClock } from "./machine-clock";
import { Peer, tellFrame } from "./peer";
import { remote } from "./remote";

/** Two peers that hear each other. */
function pair() {
  const [a, b]: Duplex[] = [0, 1].map(
    (own) =>
      new Duplex({
        read() {},
        write(chunk, _encoding, done) {
          (own === 0 ? b : a)?.push(chunk);
          done();
        },
        final(done) {
          (own === 0 ? b : a)?.push(null);
          done();
        },
      }),
  );
  return { here: new Peer("there", a as Duplex), there: new Peer("here", b as Duplex), stream: b as Duplex };
}

test("frames come out as they went in, however the stream cuts them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 8 }),
      fc.integer({ min: 1, max: 64 }),
      (values, size) => {
        const bytes = Buffer.concat(values.map(encodeFrame));
        const reader = new FrameReader();
        const read: unknown[] = [];
        for (let i = 0; i < bytes.length; i += size) read.push(...reader.push(bytes.subarray(i, i + size)));
        expect(read).toEqual(values);
      },
    ),
  );
});

test("calls are answered, with sets, maps and infinities in them, and errors keep their code", async () => {
  const { here, there } = pair();
  there.expose("shard", {
    count: async (ids: Set<string>, most: number) => [ids.size, most],
    refuse: async () => {
      throw new CodedError("UNKNOWN_CONNECTION", "no such connection", { id: "c-1" });
    },
    fail: () => {
      throw new TypeError("broken");
    },
  });
  const shard = remote<{ worker: string; count(ids: Set<string>, most: number): Promise<unknown> }>(
    { worker: "worker-1" },
    (method, args) => here.call("shard", method, args),
  );
  expect(shard.worker).toBe("worker-1");
  expect(await shard.count(new Set(["a", "b"]), Number.POSITIVE_INFINITY)).toEqual([
    2,
    Number.POSITIVE_INFINITY,
  ]);
  // To wait for the thing itself asks it for nothing.
  expect(await shard).toBe(shard);
  await expect(here.call("shard", "refuse", [])).rejects.toMatchObject({
    code: "UNKNOWN_CONNECTION",
    details: { id: "c-1" },
  });
  await expect(here.call("shard", "fail", [])).rejects.toMatchObject({ code: "INTERNAL", message: "broken" });
});

test.each(["constructor", "toString", "__proto__", "hasOwnProperty", "value", "none"])(
  "only own methods are called: not %s",
  async (method) => {
    const { here, there } = pair();
    there.expose("shard", { value: 1 });
    await expect(here.call("shard", method, [])).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(here.call("__proto__", method, [])).rejects.toMatchObject({ code: "INTERNAL" });
  },
);

test("whoever does not answer is given up, and a late answer hurts nobody", async () => {
  const { here, there } = pair();
  let answer: () => void = () => {};
  there.expose("shard", { wait: () => new Promise<void>((resolve) => (answer = resolve)) });
  await expect(here.call("shard", "wait", [], 5)).rejects.toMatchObject({
    code: "WORKER_UNAVAILABLE",
    details: { worker: "there" },
  });
  answer();
  there.expose("shard", { wait: () => "again" });
  expect(await here.call("shard", "wait", [])).toBe("again");
});

test("with the other side's end all calls end, and further ones at once", async () => {
  const { here, there, stream } = pair();
  there.expose("shard", { wait: () => new Promise(() => {}) });
  const waiting = here.call("shard", "wait", [], Number.POSITIVE_INFINITY);
  here.flush();
  stream.end();
  await expect(waiting).rejects.toMatchObject({ code: "WORKER_UNAVAILABLE" });
  await here.closed;
  await expect(here.call("shard", "wait", [])).rejects.toMatchObject({ code: "WORKER_UNAVAILABLE" });
});

test("what can't be sent costs whoever said it, and nobody else", async () => {
  const { here, there } = pair();
  there.expose("shard", { echo: (value: unknown) => value, method: () => () => 1 });
  const broken = here.call("shard", "echo", [() => 1]);
  const whole = here.call("shard", "echo", ["whole"]);
  await expect(broken).rejects.toMatchObject({ code: "INTERNAL" });
  expect(await whole).toBe("whole");
  await expect(here.call("shard", "method", [])).rejects.toMatchObject({ code: "INTERNAL" });
});

test("everything arrives in the order in which it was said", async () => {
  const { here, there } = pair();
  const heard: number[] = [];
  there.expose("feed", { take: (n: number) => heard.push(n) });
  here.tell("feed", "take", 1);
  here.write(tellFrame("feed", "take", 2));
  here.tell("feed", "take", 3);
  const last = here.call("feed", "take", [4]);
  here.write(tellFrame("feed", "take", 5));
  await last;
  await until("all are heard", () => heard.length === 5);
  expect(heard).toEqual([1, 2, 3, 4, 5]);
});

test("an instant stays what it is over the clock that processes share", () => {
  const now = performance.timeOrigin + performance.now();
  expect(fromMachineClock(toMachineClock(now))).toBeCloseTo(now, 3);
});
