export type Decoded =
  | { ok: true; text: string }
  | { ok: false; line: number; column: number; message: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a text file does not hold
const binary = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** A file's text. What is not UTF-8, or holds control characters, is told by its place. */
export function decodeText(bytes: Buffer): Decoded {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { ok: false, line: 1, column: 1, message: "expected text in UTF-8, got UTF-16" };
  }
  const text = bytes.toString("utf8");
  const invalid = firstDifference(bytes, Buffer.from(text, "utf8"));
  if (invalid !== null) {
    const got = `0x${(bytes[invalid] ?? 0).toString(16).padStart(2, "0")}`;
    const place = placeOf(bytes.subarray(0, invalid).toString("utf8"));
    return { ok: false, ...place, message: `expected text in UTF-8, got the byte ${got}` };
  }
  const control = binary.exec(text);
  if (control) {
    const got = `U+${control[0].charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}`;
    const place = placeOf(text.slice(0, control.index));
    return { ok: false, ...place, message: `expected text, got the control character ${got}` };
  }
  return { ok: true, text: text.replace(/^\ufeff/, "") };
}

function firstDifference(a: Buffer, b: Buffer): number | null {
  if (a.equals(b)) return null;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function placeOf(before: string): { line: number; column: number } {
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
