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
])("refuses %s with its id and a code", (text, id, code) => {
  expect(parseRequest(text)).toMatchObject({ ok: false, code, id });
});
