const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** Whether `text` can be a subprotocol's name (RFC 7230's token). */
export function isSubprotocol(text: string): boolean {
  return token.test(text);
}

/**
 * The first subprotocol the client wants that the service speaks, null for none. `undefined` when the header is
 * no list of distinct names (RFC 6455, section 4.1).
 */
export function chooseSubprotocol(
  header: string | undefined,
  spoken: readonly string[],
): string | null | undefined {
  if (header === undefined) return null;
  const wanted = header.split(",").map((name) => name.trim());
  if (!wanted.every(isSubprotocol) || new Set(wanted).size < wanted.length) return undefined;
  return wanted.find((name) => spoken.includes(name)) ?? null;
}
