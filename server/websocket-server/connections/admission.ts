import type { IncomingMessage } from "node:http";
import type { Settings } from "../config/schema";
import { type Refusal, retryLater } from "./refuse";

const paths = new Set(["/", "/ws"]);

/** Why a handshake must not be accepted, null when it may by itself; the limits that count come after it. */
export function findRefusal(request: IncomingMessage, settings: Settings, draining: boolean): Refusal | null {
  if (draining) {
    return { status: 503, code: "SHUTTING_DOWN", message: "the service is stopping", headers: retryLater };
  }
  if (!request.headers.host) {
    return { status: 400, code: "BAD_REQUEST", message: "a Host header is required" };
  }
  if (!paths.has((request.url ?? "/").split("?", 1)[0] ?? "/")) {
    return { status: 404, code: "NOT_FOUND", message: "WebSocket paths are / and /ws" };
  }
  // RFC 6455, section 4.2.2; ws would take the draft's version 8 as well.
  const version = request.headers["sec-websocket-version"];
  if (version !== undefined && version !== "13") {
    const headers = { "Sec-WebSocket-Version": "13" };
    return { status: 426, code: "UPGRADE_REQUIRED", message: "the version is 13", headers };
  }
  const origins = settings["connections.origins"];
  const { origin } = request.headers;
  if (origin !== undefined && origins.length > 0 && !origins.includes(origin)) {
    return { status: 403, code: "CROSS_ORIGIN", message: "this origin is not in connections.origins" };
  }
  return null;
}
