import { closePayload, type FrameParts, frame, opcodes } from "../../../testing/raw-websocket";

export interface ConformanceCase {
  name: string;
  /** What the client sends. */
  bytes: Buffer;
  /** What comes back before the close frame, from a server that sends every message back. */
  answers: [opcode: number, payload: Buffer][];
  /** The close frame's code; 1005 for one without. */
  code: number;
}

const { text, binary, continuation, ping, pong, close } = opcodes;
export const conformanceMaxBytes = 1_048_576;

const goodbye = frame({ opcode: close, payload: closePayload(1000) });

type Answer = [opcode: number, payload: Buffer | string];

/** Right from the first byte to the last; the client closes. */
function good(name: string, frames: FrameParts[], answers: Answer[]): ConformanceCase {
  return make(name, Buffer.concat([...frames.map(frame), goodbye]), answers, 1000);
}

/** The server has to end it, by the last frame at the latest. */
function bad(name: string, code: number, frames: (FrameParts | Buffer)[], answers: Answer[] = []) {
  return make(
    name,
    Buffer.concat(frames.map((each) => (Buffer.isBuffer(each) ? each : frame(each)))),
    answers,
    code,
  );
}

function make(name: string, bytes: Buffer, answers: Answer[], code: number): ConformanceCase {
  return { name, bytes, answers: answers.map(([opcode, payload]) => [opcode, Buffer.from(payload)]), code };
}

const hello: FrameParts = { opcode: text, payload: "Hello" };
const helloBack: Answer = [text, "Hello"];
const sizes = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 300_000, conformanceMaxBytes];

const framing = sizes.flatMap((size) => [
  good(`text of ${size} bytes`, [{ opcode: text, payload: "*".repeat(size) }], [[text, "*".repeat(size)]]),
  good(
    `binary of ${size} bytes`,
    [{ opcode: binary, payload: Buffer.alloc(size, 0xfe) }],
    [[binary, Buffer.alloc(size, 0xfe)]],
  ),
]);

const lengths = [
  bad("a length of 5 in two bytes", 1002, [{ ...hello, lengthBytes: 2 }]),
  bad("a length of 5 in eight bytes", 1002, [{ ...hello, lengthBytes: 8 }]),
  bad("a length of 125 in two bytes", 1002, [{ opcode: text, payload: "*".repeat(125), lengthBytes: 2 }]),
  bad("a length of 126 in eight bytes", 1002, [{ opcode: text, payload: "*".repeat(126), lengthBytes: 8 }]),
  bad("a length with the top bit", 1002, [{ opcode: binary, length: 1n << 63n, lengthBytes: 8 }]),
  bad("a length of all ones", 1002, [{ opcode: binary, length: (1n << 64n) - 1n, lengthBytes: 8 }]),
  bad("a length that no number holds", 1009, [{ opcode: binary, length: 1n << 62n, lengthBytes: 8 }]),
  bad("a length over the limit, announced", 1009, [
    { opcode: binary, length: BigInt(conformanceMaxBytes + 1), lengthBytes: 8 },
  ]),
  bad("fragments over the limit together", 1009, [
    { opcode: binary, payload: Buffer.alloc(conformanceMaxBytes), final: false },
    { opcode: continuation, length: 1n },
  ]),
];

const masks = [
  bad("text without a mask", 1002, [{ ...hello, masked: false }]),
  bad("a ping without a mask", 1002, [{ opcode: ping, masked: false }]),
  bad("a close without a mask", 1002, [{ opcode: close, payload: closePayload(1000), masked: false }]),
  bad("a second frame without a mask", 1002, [hello, { ...hello, masked: false }], [helloBack]),
];

const control = [
  good("an empty ping", [{ opcode: ping }], [[pong, ""]]),
  good("a ping with text", [{ opcode: ping, payload: "Hello" }], [[pong, "Hello"]]),
  good(
    "a ping of 125 bytes that are no text",
    [{ opcode: ping, payload: Buffer.alloc(125, 0xfe) }],
    [[pong, Buffer.alloc(125, 0xfe)]],
  ),
  bad("a ping of 126 bytes", 1002, [{ opcode: ping, payload: Buffer.alloc(126) }]),
  bad("a pong of 126 bytes", 1002, [{ opcode: pong, payload: Buffer.alloc(126) }]),
  good("a pong that nobody asked for", [{ opcode: pong, payload: "x" }], []),
  good(
    "a pong that nobody asked for, then a ping",
    [{ opcode: pong }, { opcode: ping, payload: "a" }],
    [[pong, "a"]],
  ),
  good(
    "ten pings",
    Array.from({ length: 10 }, (_, n) => ({ opcode: ping, payload: String(n) })),
    Array.from({ length: 10 }, (_, n): Answer => [pong, String(n)]),
  ),
  bad("a ping in fragments", 1002, [
    { opcode: ping, payload: "a", final: false },
    { opcode: continuation, payload: "b" },
  ]),
  bad("a pong in fragments", 1002, [{ opcode: pong, payload: "a", final: false }]),
  bad("a close in fragments", 1002, [{ opcode: close, payload: closePayload(1000), final: false }]),
];

const reserved = [1, 2, 3, 4, 5, 6, 7].flatMap((bits) => [
  bad(`reserved bits ${bits} on text`, 1002, [{ ...hello, reserved: bits }]),
  bad(`reserved bits ${bits} on the second text`, 1002, [hello, { ...hello, reserved: bits }], [helloBack]),
  bad(`reserved bits ${bits} on a ping`, 1002, [{ opcode: ping, reserved: bits }]),
  bad(`reserved bits ${bits} on a continuation`, 1002, [
    { ...hello, final: false },
    { opcode: continuation, reserved: bits },
  ]),
  bad(`reserved bits ${bits} on a close`, 1002, [
    { opcode: close, payload: closePayload(1000), reserved: bits },
  ]),
]);

const unknown = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
  bad(`opcode ${opcode}`, 1002, [{ opcode }]),
  bad(`opcode ${opcode} with a payload, after a text`, 1002, [hello, { opcode, payload: "x" }], [helloBack]),
  bad(`opcode ${opcode} within a message`, 1002, [{ ...hello, final: false }, { opcode }]),
]);

const fragments = [
  good(
    "text in two fragments",
    [
      { opcode: text, payload: "Hel", final: false },
      { opcode: continuation, payload: "lo" },
    ],
    [helloBack],
  ),
  good(
    "binary in a hundred fragments",
    Array.from({ length: 100 }, (_, n) => ({
      opcode: n === 0 ? binary : continuation,
      payload: Buffer.from([n]),
      final: n === 99,
    })),
    [[binary, Buffer.from(Array.from({ length: 100 }, (_, n) => n))]],
  ),
  good(
    "empty fragments",
    [{ opcode: text, final: false }, { opcode: continuation, final: false }, { opcode: continuation }],
    [[text, ""]],
  ),
  good(
    "empty fragments around a full one",
    [
      { opcode: text, final: false },
      { opcode: continuation, payload: "Hello", final: false },
      { opcode: continuation },
    ],
    [helloBack],
  ),
  good(
    "pings between fragments",
    [
      { opcode: text, payload: "He", final: false },
      { opcode: ping, payload: "1" },
      { opcode: continuation, payload: "ll", final: false },
      { opcode: ping, payload: "2" },
      { opcode: pong, payload: "3" },
      { opcode: continuation, payload: "o" },
    ],
    [[pong, "1"], [pong, "2"], helloBack],
  ),
  good(
    "two messages in fragments",
    [
      { opcode: text, payload: "Hel", final: false },
      { opcode: continuation, payload: "lo" },
      { opcode: binary, payload: "Hel", final: false },
      { opcode: continuation, payload: "lo" },
    ],
    [helloBack, [binary, "Hello"]],
  ),
  bad("a continuation of nothing", 1002, [{ opcode: continuation, payload: "x" }]),
  bad("a continuation of nothing, not the last", 1002, [{ opcode: continuation, final: false }]),
  bad("a continuation after a whole message", 1002, [hello, { opcode: continuation }], [helloBack]),
  bad("a message within another", 1002, [{ ...hello, final: false }, hello]),
  bad("a binary message within a text", 1002, [{ ...hello, final: false }, { opcode: binary }]),
  make("a close within a message", Buffer.concat([frame({ ...hello, final: false }), goodbye]), [], 1000),
];

const utf8 = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const validTexts: [string, string][] = [
  ["Greek", "ce ba e1 bd b9 cf 83 ce bc ce b5"],
  ["the first of two bytes", "c2 80"],
  ["the first of three bytes", "e0 a0 80"],
  ["the first of four bytes", "f0 90 80 80"],
  ["the last of one byte", "7f"],
  ["the last of two bytes", "df bf"],
  ["the last of three bytes", "ef bf bf"],
  ["the last of all", "f4 8f bf bf"],
  ["just below the surrogates", "ed 9f bf"],
  ["just above the surrogates", "ee 80 80"],
  ["the replacement character", "ef bf bd"],
  ["a noncharacter", "ef b7 90"],
  ["zero", "00"],
  ["a byte order mark", "ef bb bf"],
];
const invalidTexts: [string, string][] = [
  ["a continuation byte alone", "80"],
  ["the last continuation byte alone", "bf"],
  ["a start of two bytes alone", "c2"],
  ["a start of three bytes cut short", "e2 82"],
  ["a start of four bytes cut short", "f0 90 80"],
  ["a start followed by a space", "c3 20"],
  ["FE", "fe"],
  ["FF", "ff"],
  ["overlong slash in two", "c0 af"],
  ["overlong slash in three", "e0 80 af"],
  ["overlong slash in four", "f0 80 80 af"],
  ["overlong in five", "f8 80 80 80 af"],
  ["overlong in six", "fc 80 80 80 80 af"],
  ["the longest overlong in two", "c1 bf"],
  ["the longest overlong in three", "e0 9f bf"],
  ["the longest overlong in four", "f0 8f bf bf"],
  ["zero overlong", "c0 80"],
  ["the first surrogate", "ed a0 80"],
  ["the last surrogate", "ed bf bf"],
  ["a pair of surrogates", "ed a0 80 ed b0 80"],
  ["above the last", "f4 90 80 80"],
  ["F5", "f5 80 80 80"],
];

/** Each byte a fragment of its own. */
function byBytes(payload: Buffer): FrameParts[] {
  return [...payload].map((byte, index) => ({
    opcode: index === 0 ? text : continuation,
    payload: Buffer.from([byte]),
    final: index === payload.length - 1,
  }));
}

const texts = [
  ...validTexts.flatMap(([name, hex]) => [
    good(`UTF-8: ${name}`, [{ opcode: text, payload: utf8(hex) }], [[text, utf8(hex)]]),
    good(`UTF-8 in fragments: ${name}`, byBytes(utf8(hex)), [[text, utf8(hex)]]),
  ]),
  ...invalidTexts.flatMap(([name, hex]) => [
    bad(`not UTF-8: ${name}`, 1007, [{ opcode: text, payload: utf8(hex) }]),
    bad(`not UTF-8, in fragments: ${name}`, 1007, byBytes(utf8(hex))),
    good(
      `what is no text may be binary: ${name}`,
      [{ opcode: binary, payload: utf8(hex) }],
      [[binary, utf8(hex)]],
    ),
  ]),
  bad("not UTF-8, told before the message ends", 1007, [
    { opcode: text, payload: utf8("ce ba f4 90"), final: false },
  ]),
  bad("not UTF-8, told before the frame ends", 1007, [
    frame({ opcode: text, payload: utf8("ce ba f4 90 80 80"), length: 1_000n, lengthBytes: 2 }),
  ]),
];

const allowedCodes = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
];
const forbiddenCodes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

const closing = [
  make("a close without a payload", frame({ opcode: close }), [], 1005),
  bad("a close of one byte", 1002, [{ opcode: close, payload: Buffer.from([3]) }]),
  make("a close with a reason", frame({ opcode: close, payload: closePayload(1000, "ok") }), [], 1000),
  make(
    "a close with the longest reason",
    frame({ opcode: close, payload: closePayload(1000, "*".repeat(123)) }),
    [],
    1000,
  ),
  bad("a close that is too long", 1002, [{ opcode: close, payload: closePayload(1000, "*".repeat(124)) }]),
  bad("a reason that is not UTF-8", 1007, [
    { opcode: close, payload: closePayload(1000, utf8("ce ba ed a0 80")) },
  ]),
  make("a close twice", Buffer.concat([goodbye, goodbye]), [], 1000),
  make("a ping after the close", Buffer.concat([goodbye, frame({ opcode: ping })]), [], 1000),
  make("a text after the close", Buffer.concat([goodbye, frame(hello)]), [], 1000),
  make("garbage after the close", Buffer.concat([goodbye, Buffer.alloc(500, 0xff)]), [], 1000),
  ...[...allowedCodes, 4999].map((code) =>
    make(`close code ${code}`, frame({ opcode: close, payload: closePayload(code) }), [], code),
  ),
  ...forbiddenCodes.map((code) =>
    bad(`close code ${code}`, 1002, [{ opcode: close, payload: closePayload(code, "x") }]),
  ),
];

/** In the sense of the Autobahn test suite, and some that it leaves out. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...framing,
  ...lengths,
  ...masks,
  ...control,
  ...reserved,
  ...unknown,
  ...fragments,
  ...texts,
  ...closing,
];
