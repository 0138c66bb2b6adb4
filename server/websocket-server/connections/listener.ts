import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import type { Counters } from "../counters";
import { watchTlsHandshakes } from "../tls/handshake-errors";
import { createHttpServer, type ServedTls } from "../tls/served-tls";
import { checkAdmission } from "./admission";
import { clientAddress, type ForwardedHeader } from "./client-address";
import type { Connection } from "./connection";
import type { Connections } from "./connections";
import { HandshakeDeadlines } from "./handshake-deadlines";
import { type ConnectionLimits, reservePlace } from "./limits";
import { refusalOfParserError } from "./parser-error";
import { type Refusal, refuseUpgrade } from "./refuse";
import { acceptingAnswer, upgradeRequired } from "./rfc6455/handshake";
import { ServerSocket } from "./rfc6455/server-socket";
import { outOfFiles, SocketRoom } from "./socket-room";

export interface ListenerOptions {
  settings(): Settings;
  counters: Counters;
  connections: Connections;
  limits: ConnectionLimits;
  logger: Logger;
  /** To begin with; null for a port without TLS. */
  tls: ServedTls | null;
  draining(): boolean;
  onConnection(connection: Connection): void;
}

const maxHeaderBytes = 16_384;

const uncounted: Refusal = {
  status: 503,
  code: "WORKER_UNAVAILABLE",
  message: "connections can't be counted just now",
};

/** The WebSocket port: takes sockets, checks handshakes, hands connections on. */
export function createListener(options: ListenerOptions): Server {
  const { settings, counters, connections, limits, logger } = options;

  const addressOf = (socket: Socket, headers: IncomingHttpHeaders = {}) => {
    const { "connections.trusted_proxies": trusted, "connections.forwarded_header": header } = settings();
    return clientAddress(socket.remoteAddress ?? "unknown", headers, trusted, header as ForwardedHeader);
  };
  const note = (code: string, socket: Socket, headers?: IncomingHttpHeaders) => {
    counters.refuse(code);
    const ip = addressOf(socket, headers);
    logger.warn("connection refused", { reason: code, ip, origin: headers?.origin?.slice(0, 256) });
  };
  const deadlines = new HandshakeDeadlines((socket) => note("HANDSHAKE_TIMEOUT", socket));
  const room = new SocketRoom(logger);
  const refuse = (socket: Socket, refusal: Refusal, headers?: IncomingHttpHeaders) => {
    if (!deadlines.answer(socket)) return;
    note(refusal.code, socket, headers);
    refuseUpgrade(socket, refusal);
  };

  const frameLimits = () => ({
    maxBytes: settings()["messages.max_bytes"],
    maxFragments: settings()["messages.max_fragments"],
    maxControlPerSecond: settings()["messages.max_control_per_second"],
  });

  const admit = (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    const { headers } = request;
    // Node has let go of the socket, and a place may take a while.
    socket.on("error", destroyItself);
    if (room.isFullFor(socket)) {
      refuse(socket, outOfFiles, headers);
      return;
    }
    const admission = checkAdmission(request, settings(), options.draining());
    if (admission.refusal !== null) {
      refuse(socket, admission.refusal, headers);
      return;
    }
    const remoteIp = addressOf(socket, headers);
    const open = (full: Refusal | null) => {
      if (full !== null) refuse(socket, full, headers);
      // Gone meanwhile, or half-closed by its FIN.
      else if (!socket.readable || !socket.writable) socket.destroy();
      else begin(request, socket, head, remoteIp, admission.protocol);
    };
    const place = reservePlace(limits, socket, remoteIp);
    if (place instanceof Promise) void place.catch(() => uncounted).then(open);
    else open(place);
  };

  const begin = (
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    remoteIp: string,
    protocol: string | null,
  ): void => {
    const { headers } = request;
    deadlines.end(socket);
    const ws = new ServerSocket(socket, head, frameLimits);
    const userAgent = (headers["user-agent"] ?? "").slice(0, 256);
    const origin = headers.origin?.slice(0, 256) ?? null;
    const remotePort = socket.remotePort ?? 0;
    const connection = connections.add({ ws, socket, remoteIp, remotePort, userAgent, origin });
    options.onConnection(connection);
    connection.outbound.flush(acceptingAnswer(request, protocol));
  };

  const answerPlainRequest: RequestListener = (request) =>
    refuse(request.socket, upgradeRequired, request.headers);

  // Node's time limits are off, since they begin with the first byte: the deadlines begin with the socket.
  const timeoutMs = () => settings()["connections.handshake_timeout"] * 1_000;
  const http = {
    handshakeTimeoutMs: timeoutMs() * 2,
    keepAlive: false,
    headersTimeout: 0,
    requestTimeout: 0,
    maxHeaderSize: maxHeaderBytes,
    requireHostHeader: false,
  };
  const server = createHttpServer(http, options.tls, answerPlainRequest);
  watchTlsHandshakes(server, "websocket", logger, () => counters.refuse("TLS_HANDSHAKE"));
  server.on("error", (error) => {
    if (server.listening) logger.error("a socket could not be taken", { error: String(error) });
  });
  server.on("connection", (socket: Socket) => {
    if (room.enter(socket) === "none") {
      note(outOfFiles.code, socket);
      socket.destroy();
      return;
    }
    if (deadlines.size >= settings()["connections.max_handshakes"]) {
      note("TOO_MANY_HANDSHAKES", socket);
      socket.destroy();
      return;
    }
    deadlines.begin(socket, timeoutMs());
  });
  server.on("upgrade", (request, socket, head) => admit(request, socket as Socket, head));
  server.on("connect", (_request, socket) => refuse(socket as Socket, upgradeRequired));
  server.on("checkExpectation", answerPlainRequest);
  server.on("checkContinue", answerPlainRequest);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refusal = refusalOfParserError(error);
    if (refusal === null) socket.destroy();
    else refuse(socket as Socket, refusal);
  });
  return server;
}

/** A listener without a scope of its own: one made where a request is at hand would hold it with the socket. */
function destroyItself(this: Socket): void {
  this.destroy();
}
