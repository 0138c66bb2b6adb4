import { decode } from "next-auth/jwt";

/** The session's id out of a Cookie header; null when there is none, or one that was forged or has expired. */
export async function sessionIdOf(
  cookieHeader: string | null | undefined,
  auth: { secret: string; cookieName: string },
): Promise<string | null> {
  const token = cookieValue(cookieHeader ?? "", auth.cookieName);
  if (token === null) return null;
  try {
    const claims = await decode({ token, secret: auth.secret });
    return typeof claims?.sessionId === "string" ? claims.sessionId : null;
  } catch {
    // Whatever is wrong with it, it opens nothing.
    return null;
  }
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
