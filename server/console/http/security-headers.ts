import type { IncomingHttpHeaders } from "node:http";

/**
 * Only scripts with the request's nonce run, and what they load. Styles may be inline, since style attributes
 * can't carry a nonce. Sources: CSP Level 3; Next's guide to nonces.
 */
export function contentSecurityPolicy(options: { nonce: string; host: string; dev: boolean }): string {
  const { nonce, host, dev } = options;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // 'self' covers ws: not in every browser.
    `connect-src 'self' ws://${host} wss://${host}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join("; ");
}

/** What every answer carries. A public link's page tells nobody its address, which holds the token. */
export function securityHeaders(pathname: string, https: boolean): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": pathname.startsWith("/i/") ? "no-referrer" : "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(https ? { "strict-transport-security": "max-age=31536000" } : {}),
  };
}

/** The Host header in lower case; null when it is missing or holds what no host has. */
export function hostOf(headers: IncomingHttpHeaders): string | null {
  const host = headers.host?.toLowerCase() ?? "";
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.test(host) ? host : null;
}
