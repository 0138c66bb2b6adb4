import { livePath } from "../../../lib/contract/live";
import { consoleRoutes, type Route } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";

const served = Object.values<Route>(consoleRoutes).map((route) => ({
  method: route.method,
  pattern: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/**
 * Stops requests for what the contract does not have before Next sees them, since Next answers a wrong method
 * without a body and an unknown address with a page. null lets it pass.
 */
export function guardRoute(
  method: string,
  pathname: string,
): { error: CodedError; allow: string | null } | null {
  if (pathname !== "/api" && !pathname.startsWith("/api/")) return null;
  if (pathname.startsWith("/api/auth/") || pathname === livePath || pathname.startsWith(`${livePath}/`)) {
    return null;
  }
  if (!canDecode(pathname))
    return { error: new CodedError("BAD_REQUEST", "the address is broken"), allow: null };
  const methods = served.filter((route) => route.pattern.test(pathname)).map((route) => String(route.method));
  if (methods.length === 0) {
    return { error: new CodedError("NOT_FOUND", "there is nothing at this address"), allow: null };
  }
  if (methods.includes("GET")) methods.push("HEAD");
  if (methods.includes(method)) return null;
  const allow = methods.join(", ");
  return {
    error: new CodedError("METHOD_NOT_ALLOWED", `this address takes ${allow}`, { allow: methods }),
    allow,
  };
}

function canDecode(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}
