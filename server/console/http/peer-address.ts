import type { IncomingMessage } from "node:http";
import { isLoopback } from "../../process/loopback";

/**
 * The client's address. X-Forwarded-For is believed only from a proxy on this machine, only where a public
 * address says that there is one, and only in its last entry, the one which that proxy added.
 */
export function peerAddress(request: IncomingMessage, behindProxy: boolean): string {
  const peer = plain(request.socket.remoteAddress ?? "");
  if (!behindProxy || !isLoopback(peer)) return peer;
  const forwarded = request.headers["x-forwarded-for"];
  const last = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "")).split(",").at(-1)?.trim();
  return last ? plain(last) : peer;
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").slice(0, 64);
}
