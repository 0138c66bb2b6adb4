import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldName, formatLogLine, type LogFields, logLevels, maxLineBytes } from "../../process/logger";
import { parseHead } from "./parse-head";
import { parseLine } from "./test-parse-line";

const hostile = fc.constantFrom(
  "\n",
  "\r\n",
  "\u001b[2J\u001b[31m",
  '"',
  '" level=CRITICAL',
  "\\",
  "\\u000a",
  "\u2028",
  "\u2029",
  "\u0085",
  "\ud800",
  "\udc00",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u{e0041}",
  "=",
  " a=b",
  "\n2026-11-23T08:15:02.123Z CRITICAL forged",
  "\u0000",
);
const anyText = fc
  .array(fc.oneof(hostile, fc.string({ unit: "binary" }), fc.string()), { maxLength: 8 })
  .map((parts) => parts.join(""));
const anyFields = fc.dictionary(
  fc.oneof(anyText, fc.constantFrom("id", "__proto__", "constructor", "")),
  fc.oneof(anyText, fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
  { maxKeys: 6 },
) as fc.Arbitrary<LogFields>;
const anyInstant = fc.integer({ min: 0, max: 253_402_300_799_999 });
/** Ends a line, or turns, hides or colours what stands around it. */
const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("whatever an event holds, it is one line that can be read back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...logLevels),
      anyText,
      anyFields,
      anyInstant,
      (level, message, fields, atMs) => {
        const line = formatLogLine(level, message, fields, atMs);
        expect(line).not.toMatch(dangerous);
        expect(Buffer.from(line).toString()).toBe(line);
        const values = Object.entries(fields).filter(([, value]) => value !== undefined);
        expect(parseLine(line)).toEqual({
          atMs,
          level,
          message,
          fields: values.map(([name, value]) => [fieldName(name), String(value)]),
        });
      },
    ),
    { numRuns: 2_000 },
  );
});

test("however long its texts, a line is bounded and can be read back", () => {
  const long = fc
    .tuple(anyText, fc.integer({ min: 0, max: 40_000 }), anyText)
    .map(([start, times, end]) => start + (end || "😀").repeat(times).slice(0, 200_000));
  fc.assert(
    fc.property(long, fc.array(long, { maxLength: 20 }), (message, values) => {
      const fields = Object.fromEntries(values.map((value, i) => [`field_${i}`, value]));
      const line = formatLogLine("WARN", message, fields, 0);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxLineBytes);
      expect(line).not.toMatch(dangerous);
      const parsed = parseLine(line);
      const leftOut = parsed?.fields.find(([name]) => name === "fields_left_out")?.[1] ?? "0";
      const kept = (parsed?.fields.length ?? 0) - (leftOut === "0" ? 0 : 1);
      expect(kept + Number(leftOut)).toBe(values.length);
    }),
    { numRuns: 60 },
  );
});

test("a line looks as the service's text says", () => {
  const atMs = Date.parse("2026-11-23T08:15:02.123Z");
  const fields = { id: "c-1", code: 1006, reason: "heartbeat timeout" };
  expect(formatLogLine("WARN", "connection closed", fields, atMs)).toBe(
    '2026-11-23T08:15:02.123Z WARN  connection closed id=c-1 code=1006 reason="heartbeat timeout"',
  );
  expect(formatLogLine("CRITICAL", "out of memory", {}, atMs)).toBe(
    "2026-11-23T08:15:02.123Z CRITICAL out of memory",
  );
});

test("text that this log did not write is taken as it is", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(parseHead(text).text).toBe(text);
      parseLine(text);
    }),
  );
  expect(parseHead("2026-13-45T99:00:00.000Z INFO  x").at_ms).toBeNull();
  expect(parseLine("2026-11-23T08:15:02.123Z INFO  a b=")).toBeNull();
});
