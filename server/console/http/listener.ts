import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { CodedError } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import { errorEnvelope } from "./error-response";
import { nonceHeader, pathHeader, peerHeader } from "./own-headers";
import { peerAddress } from "./peer-address";
import { largestBodyBytes } from "./read-body";
import { guardRoute } from "./route-guard";
import { contentSecurityPolicy, hostOf, securityHeaders } from "./security-headers";

export interface ListenerOptions {
  /** Next's own handler. */
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** null takes all. */
  allowedHosts: Set<string> | null;
  https: boolean;
  behindProxy: boolean;
  dev: boolean;
  logger: Logger;
}

/** What stands before Next: hosts, addresses outside the contract, security headers and the nonce. */
export function createListener(options: ListenerOptions): RequestListener {
  return (request, response) => {
    const pathname = (request.url ?? "/").split("?", 1)[0] ?? "/";
    setHeaders(response, securityHeaders(pathname, options.https));
    const refuse = (error: CodedError) => refuseWith(response, error, request.method === "HEAD");

    const host = hostOf(request.headers);
    if (!host) return refuse(new CodedError("BAD_REQUEST", "the Host header is missing or broken"));
    if (options.allowedHosts && !options.allowedHosts.has(host)) {
      return refuse(new CodedError("FOREIGN_HOST", "the console does not go by this name", { host }));
    }
    const guarded = guardRoute(request.method ?? "GET", pathname);
    if (guarded) {
      if (guarded.allow) response.setHeader("allow", guarded.allow);
      return refuse(guarded.error);
    }

    const wrongBody = bodyRefusal(request, pathname);
    if (wrongBody) {
      response.setHeader("connection", "close");
      return refuse(wrongBody);
    }

    const nonce = randomBytes(16).toString("base64");
    const policy = contentSecurityPolicy({ nonce, host, dev: options.dev });
    response.setHeader("content-security-policy", policy);
    // Next reads the nonce for its own scripts out of the request's policy.
    request.headers["content-security-policy"] = policy;
    request.headers[nonceHeader] = nonce;
    request.headers[pathHeader] = withoutNextMarks(request.url ?? "/");
    request.headers[peerHeader] = peerAddress(request, options.behindProxy);
    options.handle(request, response).catch((error: unknown) => {
      options.logger.error("request failed", { path: pathname, cause: String(error) });
      if (!response.headersSent) refuse(new CodedError("INTERNAL", "something went wrong in the console"));
      else response.destroy();
    });
  };
}

/**
 * Sign-in's library reads a body however long it is, before anybody is signed in, so there its length has to be
 * stated, and its kind: that library fails on broken JSON. Routes of the contract see to both themselves.
 */
function bodyRefusal({ method, headers }: IncomingMessage, pathname: string): CodedError | null {
  if (Number(headers["content-length"] ?? 0) > largestBodyBytes) {
    return new CodedError("BODY_TOO_LARGE", `a body has at most ${largestBodyBytes} bytes`, {
      limitBytes: largestBodyBytes,
    });
  }
  if (method !== "POST" || !pathname.startsWith("/api/auth/")) return null;
  if (headers["transfer-encoding"] !== undefined) {
    return new CodedError("BAD_REQUEST", "state the length of the body");
  }
  const mediaType = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/x-www-form-urlencoded") {
    return new CodedError("UNSUPPORTED_MEDIA_TYPE", "send the body as application/x-www-form-urlencoded");
  }
  return null;
}

/** The address as the browser shows it: Next marks its own fetches of a page with a parameter. */
function withoutNextMarks(url: string): string {
  const [path = "/", query = ""] = url.split("?", 2);
  const kept = query.split("&").filter((pair) => pair && !pair.startsWith("_rsc="));
  return kept.length > 0 ? `${path}?${kept.join("&")}` : path;
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function refuseWith(response: ServerResponse, error: CodedError, head: boolean): void {
  response.statusCode = error.status;
  setHeaders(response, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(head ? undefined : JSON.stringify(errorEnvelope(error)));
}
