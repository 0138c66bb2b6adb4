import type { PayloadFormat } from "./source";

/** What a payload holds, or what is wrong with it. Empty text is no JSON, but it is text. */
export function readPayload(
  text: string,
  format: PayloadFormat,
  maxBytes: number,
): { ok: true; data: unknown } | { ok: false; reason: string } {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return { ok: false, reason: `${bytes} bytes, more than ${maxBytes}` };
  if (format === "text") return { ok: true, data: text };
  try {
    return { ok: true, data: JSON.parse(text) };
  } catch {
    return { ok: false, reason: "not JSON" };
  }
}
