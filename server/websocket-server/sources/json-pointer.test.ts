import fc from "fast-check";
import { expect, test } from "vitest";
import { followPointer } from "./json-pointer";

/** The document and the pointers of RFC 6901, section 5. */
const document = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};

test.each([
  ["", document],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/c%d", 2],
  ["/e^f", 3],
  ["/g|h", 4],
  ["/i\\j", 5],
  ['/k"l', 6],
  ["/ ", 7],
  ["/m~0n", 8],
])("%j names what the RFC says", (pointer, value) => {
  expect(followPointer(document, pointer)).toEqual({ found: true, value });
});

test.each(["/foo/2", "/foo/-", "/foo/00", "/foo/length", "/bar", "/__proto__", "/foo/0/x", "/constructor"])(
  "%s names nothing",
  (pointer) => {
    expect(followPointer(document, pointer)).toEqual({ found: false });
  },
);

test("whatever the document and the pointer, there is an answer", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, pointer) => {
      expect(typeof followPointer(value, pointer).found).toBe("boolean");
    }),
  );
});
