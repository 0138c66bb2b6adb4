const pattern = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;
const defaultPorts: Readonly<Record<string, string>> = { http: "80", https: "443", ws: "80", wss: "443" };

/**
 * An origin in one spelling: lower case, no default port. Null for whatever is no origin: with a path, a user, a
 * list of several. `null` is the origin of sandboxed frames and local files. Source: RFC 6454, section 6.
 */
export function parseOrigin(text: string): string | null {
  if (text === "null") return text;
  const [, scheme = "", host = "", port] = pattern.exec(text.toLowerCase()) ?? [];
  if (scheme === "") return null;
  return port === undefined || port === defaultPorts[scheme]
    ? `${scheme}://${host}`
    : `${scheme}://${host}:${port}`;
}

/** Scheme, host and port have to be equal; no part of a name stands for another. */
export function originAllowed(origin: string, allowed: readonly string[]): boolean {
  const parsed = parseOrigin(origin);
  return parsed !== null && allowed.some((each) => parseOrigin(each) === parsed);
}
