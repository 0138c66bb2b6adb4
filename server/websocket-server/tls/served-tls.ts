import { createServer, type Server as HttpServer, type RequestListener, type ServerOptions } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions, SecureVersion } from "node:tls";

/** What a listener needs to speak TLS; crosses to workers. */
export interface ServedTls {
  /** PEM, with the chain. */
  cert: string;
  /** PEM. */
  key: string;
  minVersion: SecureVersion;
}

export interface HttpServerOptions extends ServerOptions {
  /** From TCP connect to the end of the TLS handshake. */
  handshakeTimeoutMs: number;
}

/** Sockets of a TLS server, those in the middle of a handshake too, which `closeAllConnections` knows nothing of. */
const socketsOf = new WeakMap<HttpServer, Set<Socket>>();

/** An HTTP server; with `tls` it speaks nothing else than that. */
export function createHttpServer(
  { handshakeTimeoutMs, ...http }: HttpServerOptions,
  tls: ServedTls | null,
  onRequest: RequestListener,
): HttpServer {
  if (tls === null) return createServer(http, onRequest);
  const options = { ...http, ...contextOf(tls), handshakeTimeout: handshakeTimeoutMs };
  const server = createTlsServer(options, onRequest);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  socketsOf.set(server, sockets);
  return server;
}

/** New handshakes get this certificate; connections that are open, and handshakes under way, go on as they are. */
export function renewTls(server: HttpServer, tls: ServedTls): void {
  if (server instanceof TlsServer) server.setSecureContext(contextOf(tls));
}

/** Ends every socket of a TLS server. */
export function destroyTlsSockets(server: HttpServer): void {
  for (const socket of socketsOf.get(server) ?? []) socket.destroy();
}

function contextOf({ cert, key, minVersion }: ServedTls): SecureContextOptions {
  return { cert, key, minVersion };
}
