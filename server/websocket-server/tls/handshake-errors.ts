import type { Server } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Logger } from "../../process/logger";

const perMinute = 10;
const minuteMs = 60_000;

/**
 * Logs TLS handshakes that fail, so many a minute, and calls `onFailed` for each. Clients that only hang up don't
 * count: port checks do that all day.
 */
export function watchTlsHandshakes(
  server: Server,
  role: "websocket" | "admin",
  logger: Logger,
  onFailed: () => void,
): void {
  let windowBegan = Number.NEGATIVE_INFINITY;
  let logged = 0;
  let notLogged = 0;
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    socket.destroy();
    if (error.code === "ECONNRESET" || error.code === "EPIPE") return;
    onFailed();
    const now = performance.now();
    if (now - windowBegan >= minuteMs) {
      windowBegan = now;
      logged = 0;
    }
    if (logged >= perMinute) {
      notLogged++;
      return;
    }
    logged++;
    logger.warn("connection refused", {
      reason: "TLS_HANDSHAKE",
      listener: role,
      ip: (socket.remoteAddress ?? "unknown").replace(/^::ffff:(?=\d+\.)/, ""),
      error: error.code ?? error.message,
      more_not_logged: notLogged > 0 ? notLogged : undefined,
    });
    notLogged = 0;
  });
}
