import { livePath } from "../../../lib/contract/live";
import { consoleRoutes, type Route } from "../../../lib/contract/routes";
import { CodedError, type ErrorCode } from "../../../lib/errors";

const served = Object.values<Route>(consoleRoutes).map((route) => ({
  method: route.method,
  pattern: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Those of next-auth's own routes that the console uses; what else it serves has answers without a code. */
const signIn: Record<string, string[]> = {
  "/api/auth/csrf": ["GET"],
  "/api/auth/session": ["GET"],
  "/api/auth/signin": ["GET"],
  "/api/auth/error": ["GET"],
  "/api/auth/callback/credentials": ["POST"],
  "/api/auth/signout": ["POST"],
};

interface Refused {
  error: CodedError;
  /** For the Allow header. */
  allow: string | null;
}

/**
 * Stops requests for what the console does not serve before Next sees them: Next answers a wrong method on an
 * API without a body, one on a page with the page, and an unknown API with a page. null lets it pass.
 */
export function guardRoute(method: string, pathname: string): Refused | null {
  if (!pathname.startsWith("/")) return refused("BAD_REQUEST", "the address is not a path");
  if (pathname === livePath || pathname.startsWith(`${livePath}/`)) return null;
  if (!canDecode(pathname)) return refused("BAD_REQUEST", "the address is broken");
  const methods = [...methodsOf(pathname)];
  if (methods.length === 0) return refused("NOT_FOUND", "there is nothing at this address");
  if (methods.includes("GET")) methods.push("HEAD");
  if (methods.includes(method)) return null;
  const allow = methods.join(", ");
  const error = new CodedError("METHOD_NOT_ALLOWED", `this address takes ${allow}`, { allow: methods });
  return { error, allow };
}

function methodsOf(pathname: string): string[] {
  // Of Next's own tools, which only a console in development has.
  if (pathname.startsWith("/__nextjs")) return ["GET", "POST"];
  if (pathname !== "/api" && !pathname.startsWith("/api/")) return ["GET"];
  if (Object.hasOwn(signIn, pathname)) return signIn[pathname] ?? [];
  return served.filter((route) => route.pattern.test(pathname)).map((route) => String(route.method));
}

function refused(code: ErrorCode, message: string): Refused {
  return { error: new CodedError(code, message), allow: null };
}

function canDecode(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}
