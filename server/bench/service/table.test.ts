import { expect, test } from "vitest";
import { Histogram } from "./load/fine-histogram";
import { readStamp, stampedData } from "./load/stamped-data";
import { asTable, type Row, verdict } from "./table";

const row = (ours: number | null, ws: number | null, target: Row["target"]): Row => ({
  what: "fan-out",
  unit: "deliveries/s",
  values: { wirewatch: ours, ws },
  target,
});

test("targets are judged by our own figure or by what ws did in the same run", () => {
  expect(verdict(row(10, 1, { atLeastTimesWs: 10 }))).toBe("met");
  expect(verdict(row(9.9, 1, { atLeastTimesWs: 10 }))).toBe("MISSED");
  expect(verdict(row(5, 5, { atMostTimesWs: 1 }))).toBe("met");
  expect(verdict(row(5.1, 5, { atMostTimesWs: 1 }))).toBe("MISSED");
  expect(verdict(row(0.5, null, { atMost: 0.5 }))).toBe("met");
  expect(verdict(row(9_999, null, { atLeast: 10_000 }))).toBe("MISSED");
  expect(verdict(row(10, null, { atLeastTimesWs: 10 }))).toBe("not measured");
  expect(verdict(row(null, 1, { atMost: 1 }))).toBe("not measured");
  expect(verdict(row(1, 1, undefined))).toBe("");
});

test("a contender without a figure has a dash, and ratios are ours to ws", () => {
  const lines = asTable([row(1_234_567, 100_000, { atLeastTimesWs: 10 })], ["wirewatch", "ws", "socket.io"]);
  expect(lines.split("\n")[1]).toMatch(
    /^fan-out \(deliveries\/s\) +1,234,567 +100,000 +– +12\.3 × +≥ 10 × ws +met$/,
  );
});

test("quantiles of the load client are within a bucket's width, and the largest is exact", () => {
  const delays = new Histogram();
  expect(delays.quantile(0.5)).toBeNull();
  for (let ms = 1; ms <= 1_000; ms++) delays.add(ms);
  expect(delays.quantile(0.5)).toBeGreaterThanOrEqual(500);
  expect(delays.quantile(0.5)).toBeLessThan(506);
  expect(delays.quantile(0.99)).toBeGreaterThanOrEqual(990);
  expect(delays.quantile(0.99)).toBeLessThan(1_000.1);
  expect(delays.quantile(1)).toBe(1_000);
});

test("a stamp is found at the end of the data, whatever stands around it, and not when it is cut", () => {
  const data = stampedData(120, 1_234.567);
  expect(data).toHaveLength(120);
  expect(JSON.parse(data)).toMatchObject({ at: "0000000001234567" });
  const frame = Buffer.from(`42["data",{"data":${data}}]`);
  expect(readStamp(frame, frame.length - 2, 0)).toBeCloseTo(1_234.567, 3);
  expect(readStamp(frame, frame.length - 2, frame.length - 10)).toBeNull();
});
