import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRequest, protocolErrors } from "./protocol";

const anyMessage = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .record(
      {
        id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
        op: fc.oneof(
          fc.constantFrom("subscribe", "unsubscribe", "publish", "ping", "__proto__"),
          fc.jsonValue(),
        ),
        topic: fc.oneof(fc.string(), fc.jsonValue()),
        data: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);

test("any text is a request or has a code of the protocol", () => {
  fc.assert(
    fc.property(anyMessage, (text) => {
      const parsed = parseRequest(text);
      if (!parsed.ok) expect(Object.keys(protocolErrors)).toContain(parsed.code);
      else expect(["subscribe", "unsubscribe", "publish", "ping"]).toContain(parsed.request.op);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["{", undefined, "BROKEN_JSON"],
  ["", undefined, "BROKEN_JSON"],
  ["[]", undefined, "INVALID_REQUEST"],
  ["null", undefined, "INVALID_REQUEST"],
  ['{"id":7}', 7, "INVALID_REQUEST"],
  ['{"id":7,"op":"fly"}', 7, "UNKNOWN_OP"],
  ['{"id":"a","op":"subscribe"}', "a", "INVALID_REQUEST"],
  ['{"id":{},"op":"subscribe","topic":"t"}', undefined, "INVALID_REQUEST"],
  ['{"id":1,"op":"subscribe","topic":5}', 1, "INVALID_REQUEST"],
  ['{"id":1,"op":"publish","topic":"t"}', 1, "INVALID_REQUEST"],
  ['{"id":1,"op":"subscribe","topic":""}', 1, "INVALID_TOPIC"],
  [`{"id":1,"op":"subscribe","topic":"${"t".repeat(257)}"}`, 1, "INVALID_TOPIC"],
])("refuses %s with its id and a code", (text, id, code) => {
  expect(parseRequest(text)).toMatchObject({ ok: false, code, id });
});

test("published data is told what it lacks", () => {
  const messageOf = (data: string) => {
    const parsed = parseRequest(`{"op":"publish","topic":"t"${data}}`);
    return parsed.ok ? null : parsed.message;
  };
  const nested = (levels: number) => `,"data":${"[".repeat(levels)}${"]".repeat(levels)}`;
  expect(messageOf(nested(100))).toBeNull();
  expect(messageOf(nested(101))).toBe("data: expected at most 100 levels");
  expect(messageOf("")).toBe("data: expected a JSON value");
});

test.each([
  [{ epoch: "e", seq: 3 }, true],
  [{ epoch: "e", seqs: { t: 0, __proto__x: 9 } }, true],
  [{ epoch: "e", seq: -1 }, false],
  [{ epoch: "e", seq: 1.5 }, false],
  [{ epoch: "e", seq: 2 ** 53 }, false],
  [{ epoch: "e", seqs: { t: "1" } }, false],
  [{ epoch: "e", seqs: { ["t".repeat(257)]: 1 } }, false],
])("since %j is taken: %s", (since, ok) => {
  expect(parseRequest(JSON.stringify({ op: "subscribe", topic: "t", since })).ok).toBe(ok);
});
