/** What a JSON pointer (RFC 6901) names; an empty one means the whole. `found` is false when there is no such thing. */
export function followPointer(whole: unknown, pointer: string): { found: boolean; value?: unknown } {
  let value = whole;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return { found: false };
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)) return { found: false };
    value = (value as Record<string, unknown>)[key];
  }
  return { found: true, value };
}
