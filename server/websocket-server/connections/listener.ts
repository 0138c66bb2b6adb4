import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import type { Counters } from "../counters";
import { findRefusal } from "./admission";
import type { Connection } from "./connection";
import type { Connections } from "./connections";
import { type ConnectionLimits, reservePlace } from "./limits";
import { type Refusal, refuseUpgrade } from "./refuse";

export interface ListenerOptions {
  settings(): Settings;
  counters: Counters;
  connections: Connections;
  limits: ConnectionLimits;
  logger: Logger;
  draining(): boolean;
  onConnection(connection: Connection): void;
}

/** The WebSocket port: takes sockets, checks handshakes, hands connections on. */
export function createListener(options: ListenerOptions): Server {
  const { settings, counters, connections, logger } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: settings()["messages.max_bytes"],
    handleProtocols: () => false,
  });
  const deadlines = new WeakMap<Duplex, NodeJS.Timeout>();

  const refuse = (socket: Duplex, request: IncomingMessage, refusal: Refusal) => {
    counters.refuse(refusal.code);
    logger.warn("connection refused", {
      reason: refusal.code,
      ip: remoteAddress(request.socket),
      origin: request.headers.origin,
    });
    refuseUpgrade(socket, refusal);
  };

  sockets.on("wsClientError", (error: Error, socket: Duplex, request: IncomingMessage) =>
    refuse(socket, request, {
      status: request.method === "GET" ? 400 : 405,
      code: "BAD_REQUEST",
      message: error.message,
      headers: { "Sec-WebSocket-Version": "13" },
    }),
  );

  const server = createServer({ keepAlive: false }, (_request, response) => {
    const body = { error: { code: "UPGRADE_REQUIRED", message: "this port speaks WebSocket" } };
    response.writeHead(426, {
      "Content-Type": "application/json",
      Upgrade: "websocket",
      Connection: "Upgrade, close",
    });
    response.end(JSON.stringify(body));
  });

  server.on("connection", (socket: Socket) => {
    // Node's own limits begin with the first byte; a socket that stays silent needs one of its own.
    const deadline = setTimeout(() => {
      counters.refuse("HANDSHAKE_TIMEOUT");
      logger.warn("connection refused", { reason: "HANDSHAKE_TIMEOUT", ip: remoteAddress(socket) });
      socket.destroy();
    }, settings()["connections.handshake_timeout"] * 1_000);
    deadline.unref();
    deadlines.set(socket, deadline);
    socket.once("close", () => clearTimeout(deadline));
  });

  /** Never rejects. */
  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const remoteIp = remoteAddress(request.socket);
    const remotePort = request.socket.remotePort ?? 0;
    const gone = () => socket.destroy();
    socket.on("error", gone);
    const refusal =
      findRefusal(request, settings(), options.draining()) ??
      (await reservePlace(options.limits, socket, remoteIp).catch((): Refusal => {
        return { status: 503, code: "WORKER_UNAVAILABLE", message: "connections can't be counted just now" };
      }));
    clearTimeout(deadlines.get(socket));
    if (socket.destroyed) return;
    if (refusal !== null) {
      refuse(socket, request, refusal);
      return;
    }
    socket.off("error", gone);
    sockets.options.maxPayload = settings()["messages.max_bytes"];
    // The answer to the handshake and the first message leave in one piece: each system call would cost as much again.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const origin = request.headers.origin?.slice(0, 256) ?? null;
      const userAgent = (request.headers["user-agent"] ?? "").slice(0, 256);
      const connection = connections.add({ ws, socket, remoteIp, remotePort, userAgent, origin });
      options.onConnection(connection);
      connection.outbound.flush();
      socket.uncork();
    });
  };
  server.on("upgrade", (request, socket, head) => void admit(request, socket, head));

  return server;
}

function remoteAddress(socket: Socket): string {
  return (socket.remoteAddress ?? "unknown").replace(/^::ffff:(?=\d+\.)/, "");
}
