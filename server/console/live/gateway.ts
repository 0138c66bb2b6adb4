import type { Server, Socket } from "socket.io";
import {
  type ClientEvents,
  type LiveFrame,
  type LiveView,
  livePath,
  liveViewSchema,
  type ServerEvents,
} from "../../../lib/contract/live";
import type { ErrorCode } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import { sessionIdOf } from "../auth/session-token";
import type { RunningFleet } from "../fleet/create-fleet";
import type { Auth } from "../runtime";
import { buildFrame, isEmptyFrame } from "./frame";

interface SocketData {
  sessionId: string;
  view: LiveView | null;
  /** The newest change that was sent. */
  sent: number;
  /** Frames were skipped because the browser did not keep up. */
  behind: boolean;
  /** Of `watch` requests, to bound them. */
  windowStartMs: number;
  watches: number;
}

export type LiveServer = Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>;
type LiveSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;

export interface LiveOptions {
  io: LiveServer;
  fleet: Pick<RunningFleet, "frames" | "onChange">;
  auth: Pick<Auth, "session">;
  cookieName: string;
  secret: string;
  /** Origins as browsers send them, such as `http://localhost:3000`. */
  allowedOrigins: readonly string[];
  logger: Logger;
  /** At least every five seconds. */
  sessionCheckMs?: number;
}

/** Options for `new Server(httpServer, …)`; Origin and session are checked by `attachLive`. */
export const liveServerOptions = {
  path: livePath,
  serveClient: false,
  transports: ["websocket" as const],
  maxHttpBufferSize: 16_384,
  // Who has not passed the checks by then is cut off.
  connectTimeout: 5_000,
  pingInterval: 10_000,
  pingTimeout: 10_000,
};

const flushEveryMs = 250;
const watchesPerSecond = 20;

/**
 * Pushes to each browser what its page shows. A change is sent at once when none was sent just before, and
 * at most four times a second. Who can't keep up gets fewer frames, and then one that has it all.
 */
export function attachLive(options: LiveOptions): { close(): void } {
  const { io, fleet, auth, allowedOrigins, logger } = options;
  const source = fleet.frames;
  const sockets = new Set<LiveSocket>();
  let flushedAt = Number.NEGATIVE_INFINITY;
  let flushing: NodeJS.Timeout | null = null;

  io.use((socket, next) => {
    admit(socket).then(
      (code) => next(code === null ? undefined : new Error(code)),
      (error: unknown) => {
        logger.error("live handshake failed", { error: String(error) });
        next(new Error("INTERNAL" satisfies ErrorCode));
      },
    );
  });

  async function admit(socket: LiveSocket): Promise<ErrorCode | null> {
    const { headers } = socket.handshake;
    const sameOrigin = headers.origin === undefined && headers["sec-fetch-site"] === "same-origin";
    if (!sameOrigin && !allowedOrigins.includes(headers.origin ?? "")) return "CROSS_ORIGIN";
    const sessionId = await sessionIdOf(headers.cookie, options);
    if (sessionId === null || (await auth.session(sessionId)) === null) return "UNAUTHENTICATED";
    Object.assign(socket.data, {
      sessionId,
      view: null,
      sent: 0,
      behind: false,
      windowStartMs: 0,
      watches: 0,
    } satisfies SocketData);
    return null;
  }

  io.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("disconnect", () => sockets.delete(socket));
    socket.on("watch", (input, answer) => {
      if (typeof answer !== "function") return;
      const view = liveViewSchema.safeParse(input);
      const refuse = (code: ErrorCode) => answer({ ok: false, error: { code } });
      if (tooMany(socket)) return refuse("TOO_MANY_REQUESTS");
      if (!view.success) return refuse("INVALID_BODY");
      if (view.data.kind === "server" && !source.server(view.data.serverId)) return refuse("UNKNOWN_SERVER");
      const frame = buildFrame(source, view.data, null);
      Object.assign(socket.data, { view: view.data, sent: source.changes.newest(), behind: false });
      answer({ ok: true, frame });
    });
  });

  function tooMany(socket: LiveSocket): boolean {
    const now = performance.now();
    if (now - socket.data.windowStartMs > 1_000) {
      socket.data.windowStartMs = now;
      socket.data.watches = 0;
    }
    return ++socket.data.watches > watchesPerSecond;
  }

  function soon(): void {
    if (flushing || sockets.size === 0) return;
    const wait = Math.max(0, flushedAt + flushEveryMs - performance.now());
    flushing = setTimeout(flush, wait);
  }

  function flush(): void {
    flushing = null;
    flushedAt = performance.now();
    // Pages that show the same and know the same get the same frame.
    const built = new Map<string, LiveFrame>();
    for (const socket of sockets) {
      const { view, sent, behind } = socket.data;
      if (!view) continue;
      if (!keepsUp(socket)) {
        socket.data.behind = true;
        continue;
      }
      const name = `${view.kind} ${"serverId" in view ? view.serverId : ""} ${sent} ${behind}`;
      const frame = built.get(name) ?? buildFrame(source, view, sent, behind);
      built.set(name, frame);
      socket.data.sent = source.changes.newest();
      socket.data.behind = false;
      if (!isEmptyFrame(frame)) socket.emit("frame", frame);
    }
  }

  async function checkSessions(): Promise<void> {
    const bySession = groupBySession(sockets);
    for (const [sessionId, theirs] of bySession) {
      let known = false;
      try {
        known = (await auth.session(sessionId)) !== null;
        if (!known) for (const socket of theirs) socket.emit("signedOut");
      } catch (error) {
        // Who can't be checked is not let in any longer; the browser comes back when the store does.
        logger.error("session of a live connection could not be checked", { error: String(error) });
      }
      if (!known) for (const socket of theirs) socket.disconnect(true);
    }
  }

  const stopListening = fleet.onChange(soon);
  const checking = setInterval(() => void checkSessions(), options.sessionCheckMs ?? 2_500);
  return {
    close() {
      stopListening();
      clearInterval(checking);
      if (flushing) clearTimeout(flushing);
      io.disconnectSockets(true);
    },
  };
}

/** False while the browser has not taken what was sent before. */
function keepsUp(socket: LiveSocket): boolean {
  return socket.conn.transport.writable && socket.conn.readyState === "open";
}

function groupBySession(sockets: Iterable<LiveSocket>): Map<string, LiveSocket[]> {
  const groups = new Map<string, LiveSocket[]>();
  for (const socket of sockets) {
    const { sessionId } = socket.data;
    groups.set(sessionId, [...(groups.get(sessionId) ?? []), socket]);
  }
  return groups;
}
