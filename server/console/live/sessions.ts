import type { IncomingHttpHeaders } from "node:http";
import { getToken } from "next-auth/jwt";
import { z } from "zod";

const claims = z.object({ sessionId: z.string().min(1) });

/** The session that a request's cookie names; null without a cookie that this console has signed. */
export async function sessionIdOf(
  headers: IncomingHttpHeaders,
  cookieName: string,
  secret: string,
): Promise<string | null> {
  const request = { cookies: parseCookies(headers.cookie), headers: {} };
  const token = await getToken({
    req: request as Parameters<typeof getToken>[0]["req"],
    cookieName,
    secret,
    secureCookie: false,
  });
  const parsed = claims.safeParse(token);
  return parsed.success ? parsed.data.sessionId : null;
}

function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    // Of two cookies with one name the first is the more specific one: RFC 6265, section 5.4.
    cookies[name] ??= decode(pair.slice(at + 1).trim());
  }
  return cookies;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/^"(.*)"$/, "$1"));
  } catch {
    // Not percent-encoded after all: it is what it is.
    return text;
  }
}
