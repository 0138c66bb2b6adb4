import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { endGently } from "./rfc6455/linger";

export interface Refusal {
  status: number;
  /** Stable code, in the body, in the log and in the count of refusals. */
  code: string;
  message: string;
  headers?: Record<string, string>;
}

const retryAfterSeconds = 5;
export const retryLater = { "Retry-After": String(retryAfterSeconds) };

/** Answers a handshake that is not accepted and ends the socket. */
export function refuseUpgrade(socket: Duplex, { status, code, message, headers = {} }: Refusal): void {
  const body = JSON.stringify({ error: { code, message } });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.on("error", () => socket.destroy());
  endGently(socket, `${lines.join("\r\n")}\r\n\r\n${body}`);
}
