import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import type { Route } from "../../../lib/contract/routes";
import { CodedError } from "../../../lib/errors";
import { isLoopback } from "../../process/loopback";
import type { ServiceContext } from "../context";

/**
 * Lets a request through or throws. Whatever comes from a web page, as its Origin tells, is refused, and on
 * loopback a foreign Host: a page could otherwise reach this port by rebinding its own name to 127.0.0.1. A name in the
 * service's certificate is not foreign: no page of somebody else can have it. A token that is set is asked for on every
 * route that isn't public.
 */
export function checkCaller(
  http: Context,
  role: Route["role"] | null,
  service: Pick<ServiceContext, "settings" | "tls">,
): void {
  const settings = service.settings();
  if (isLoopback(settings["admin.host"])) {
    const host = hostName(http.req.header("host") ?? "");
    if (!isLoopback(host) && !service.tls?.covers(host)) {
      throw new CodedError("FOREIGN_HOST", "the Host header names another host than this machine");
    }
  }
  if (http.req.header("origin") !== undefined) {
    throw new CodedError("CROSS_ORIGIN", "requests of web pages are not taken");
  }
  const token = settings["admin.token"];
  if (token === null || role === "public") return;
  const given = /^Bearer (.+)$/i.exec(http.req.header("authorization") ?? "")?.[1];
  if (given === undefined) throw new CodedError("UNAUTHENTICATED", "a bearer token is required");
  if (!sameText(given, token)) throw new CodedError("INVALID_TOKEN", "the bearer token is not valid");
}

/** A Host header's name without its port. */
function hostName(host: string): string {
  return host.startsWith("[") ? host.replace(/\]:\d+$/, "]") : host.replace(/:\d+$/, "");
}

/** Takes the same time wherever two texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
