import type { IncomingMessage } from "node:http";
import type { Settings } from "../config/schema";
import { originAllowed } from "./origin";
import { type Refusal, retryLater } from "./refuse";
import { checkHandshake } from "./rfc6455/handshake";
import { chooseSubprotocol } from "./subprotocol";

const paths = new Set(["/", "/ws"]);

/** What a handshake may be told at once, without counting anybody. */
export type Admission = { refusal: Refusal } | { refusal: null; protocol: string | null };

/** Checks a handshake by itself; the limits that count connections come after it. */
export function checkAdmission(request: IncomingMessage, settings: Settings, draining: boolean): Admission {
  const malformed = checkHandshake(request);
  if (malformed !== null) return { refusal: malformed };
  if (!paths.has(pathOf(request.url ?? "/"))) {
    return { refusal: { status: 404, code: "NOT_FOUND", message: "WebSocket paths are / and /ws" } };
  }
  const origins = settings["connections.origins"];
  const { origin } = request.headers;
  if (origin !== undefined && origins.length > 0 && !originAllowed(origin, origins)) {
    const message = "this origin is not in connections.origins";
    return { refusal: { status: 403, code: "CROSS_ORIGIN", message } };
  }
  const wanted = request.headers["sec-websocket-protocol"];
  const protocol = chooseSubprotocol(wanted, settings["connections.subprotocols"]);
  if (protocol === undefined) {
    const message = "Sec-WebSocket-Protocol is no list of distinct names";
    return { refusal: { status: 400, code: "BAD_REQUEST", message } };
  }
  if (draining) {
    const message = "the service takes no new connections";
    return { refusal: { status: 503, code: "SHUTTING_DOWN", message, headers: retryLater } };
  }
  return { refusal: null, protocol };
}

/** Of a request target in either form that RFC 9112 has for a GET. */
function pathOf(target: string): string {
  const path = target.replace(/^(?:https?|wss?):\/\/[^/?#]*/i, "").split(/[?#]/, 1)[0];
  return path === undefined || path === "" ? "/" : path;
}
