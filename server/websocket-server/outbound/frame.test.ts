import { expect, test } from "vitest";
import { textFrame, textFrameBytes } from "./frame";

test.each([0, 125, 126, 65_535, 65_536])(
  "a text of %d bytes has the shortest length (RFC 6455, 5.2)",
  (length) => {
    const frame = textFrame("a".repeat(length));
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    expect(frame.length).toBe(header + length);
    expect(frame[0]).toBe(0x81);
    const told =
      header === 2 ? frame[1] : header === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
    expect(told).toBe(length);
    expect(textFrameBytes("a".repeat(length))).toBe(frame.length);
  },
);
