const digits = 16;
/** From the first digit to the end of the data. */
const fromStampToEnd = digits + 2;

/**
 * JSON data that ends with the instant it was sent at, in microseconds of this process' clock, so that the reader
 * finds it without parsing. `bytes` is the length of it all.
 */
export function stampedData(bytes: number, nowMs: number): string {
  const stamp = String(Math.round(nowMs * 1_000)).padStart(digits, "0");
  const empty = `{"fill":"","at":"${stamp}"}`;
  return `{"fill":"${"x".repeat(Math.max(0, bytes - empty.length))}","at":"${stamp}"}`;
}

/** Milliseconds; null when the stamp is not whole in the buffer. `end` is where the data ends. */
export function readStamp(buffer: Buffer, end: number, from: number): number | null {
  let at = end - fromStampToEnd;
  if (at < from) return null;
  let micros = 0;
  for (const last = at + digits; at < last; at++) micros = micros * 10 + ((buffer[at] ?? 48) - 48);
  return micros / 1_000;
}
