import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Refusal } from "../refuse";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** 16 bytes in base64. */
const keyPattern = /^[+/0-9A-Za-z]{22}==$/;
const hostPattern = /^(\[[0-9a-f:.]+\]|[^\s:/?#@\\[\]]+)(:\d{1,5})?$/i;
const versionHeader = { "Sec-WebSocket-Version": "13" };

/** What is wrong with an opening handshake, null when nothing is. Source: RFC 6455, section 4.2.1. */
export function checkHandshake(request: IncomingMessage): Refusal | null {
  const { headers } = request;
  if (request.method !== "GET") {
    return {
      status: 405,
      code: "METHOD_NOT_ALLOWED",
      message: "a handshake is a GET",
      headers: { Allow: "GET" },
    };
  }
  if (request.httpVersion !== "1.1") return badRequest("a handshake is HTTP/1.1");
  const hosts = countOf(request, "host");
  if (hosts !== 1) return badRequest(hosts === 0 ? "a Host header is required" : "more than one Host header");
  if (!hostPattern.test(headers.host ?? "")) return badRequest("the Host header names no host");
  const upgrades = (headers.upgrade ?? "").toLowerCase().split(",");
  if (!upgrades.some((token) => token.trim() === "websocket")) return upgradeRequired;
  if (headers["transfer-encoding"] !== undefined || !/^0*$/.test(headers["content-length"] ?? "")) {
    return badRequest("a handshake has no body");
  }
  const version = headers["sec-websocket-version"];
  if (version === undefined) return badRequest("a Sec-WebSocket-Version header is required");
  if (version !== "13") {
    return { status: 426, code: "UPGRADE_REQUIRED", message: "the version is 13", headers: versionHeader };
  }
  if (!keyPattern.test(headers["sec-websocket-key"] ?? "")) {
    return badRequest("Sec-WebSocket-Key must be 16 bytes in base64");
  }
  return null;
}

/** The answer to a request that asks for no WebSocket. */
export const upgradeRequired: Refusal = {
  status: 426,
  code: "UPGRADE_REQUIRED",
  message: "this port speaks WebSocket",
  headers: { Upgrade: "websocket", ...versionHeader },
};

/** The 101 that opens the connection. */
export function acceptingAnswer(request: IncomingMessage, protocol: string | null): Buffer {
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1").update(`${key}${guid}`).digest("base64");
  const protocolLine = protocol === null ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
  return Buffer.from(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n${protocolLine}\r\n`,
    "latin1",
  );
}

function badRequest(message: string): Refusal {
  return { status: 400, code: "BAD_REQUEST", message, headers: versionHeader };
}

/** Node keeps the first of several Host headers and says nothing of the others. */
function countOf(request: IncomingMessage, name: string): number {
  let count = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() === name) count++;
  }
  return count;
}
