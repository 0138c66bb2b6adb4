import { expect, test } from "vitest";
import { createFormat } from "./format";
import { messagesOf } from "./i18n/messages";

const en = createFormat("en", messagesOf("en").common.units);
const zh = createFormat("zh-CN", messagesOf("zh-CN").common.units);

test("what is missing is a dash, never a zero", () => {
  for (const text of [
    en.number(null),
    en.compact(null),
    en.percent(null),
    en.duration(null),
    en.clock(null),
  ]) {
    expect(text).toBe("—");
  }
  expect(en.bytes(null)).toEqual({ value: "—", unit: "" });
  expect(en.metric("push_latency_p99_ms", null)).toEqual({ value: "—", unit: "" });
});

test("bytes count in 1,024s", () => {
  expect(en.bytesText(0)).toBe("0 B");
  expect(en.bytesText(1023)).toBe("1,023 B");
  expect(en.bytesText(1024)).toBe("1.00 KiB");
  expect(en.bytesText(5.96 * 1024 ** 3)).toBe("5.96 GiB");
  expect(en.bytesText(-2.1 * 1024 ** 3)).toBe("−2.10 GiB");
  expect(en.exactBytes(8_589_934_592)).toBe("8,589,934,592 B");
});

test("large counts shorten to k and M in both languages", () => {
  expect(en.compact(128_412)).toBe("128.4k");
  expect(zh.compact(20_000)).toBe("20k");
  expect(en.compact(3_100_000)).toBe("3.1M");
  expect(en.compact(950)).toBe("950");
});

test("the ticks of one axis share their unit", () => {
  expect([0, 5_000, 20_000].map((tick) => en.axis(tick, 20_000))).toEqual(["0k", "5k", "20k"]);
  expect([0, 0.25, 1].map((tick) => en.axis(tick, 1))).toEqual(["0", "0.25", "1"]);
});

test("durations name two units at most", () => {
  expect(en.duration(400)).toBe("0.4 s");
  expect(en.duration(48_000)).toBe("48 s");
  expect(en.duration(382_000)).toBe("6 min 22 s");
  expect(en.duration((23 * 24 + 4) * 3_600_000)).toBe("23 d 04 h");
  expect(zh.duration((23 * 24 + 4) * 3_600_000)).toBe("23 天 04 小时");
  expect(zh.ago(400)).toBe("0.4 秒前");
  expect(en.uptime(23 * 86_400 + 5)).toBe("23 d");
});

test("no space before a percent sign, and a real minus", () => {
  expect(en.percent(0.58)).toBe("58%");
  expect(en.number(-4.1, 1)).toBe("−4.1");
});

test("times are UTC with 24 hours", () => {
  const at = Date.UTC(2025, 10, 30, 3, 6, 9);
  expect(en.clock(at)).toBe("03:06:09");
  expect(en.clock(at, { seconds: false })).toBe("03:06");
  expect(en.dateTime(at)).toBe("30 Nov 03:06");
  expect(zh.dateTime(at)).toBe("11月30日 03:06");
});

test("a rate carries its unit in the reader's words", () => {
  expect(en.rateText(412_600)).toBe("412.6 k/s");
  expect(en.rateText(95)).toBe("95/s");
});
