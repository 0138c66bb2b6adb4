import type { Refusal } from "./refuse";

/** The answer to bytes that Node's parser refused; null when the peer is gone and there is nobody to tell. */
export function refusalOfParserError(error: NodeJS.ErrnoException): Refusal | null {
  if (error.code === "HPE_HEADER_OVERFLOW") {
    return { status: 431, code: "HEADERS_TOO_LARGE", message: "the headers are larger than 16 KiB" };
  }
  return error.code?.startsWith("HPE_") && error.code !== "HPE_INVALID_EOF_STATE"
    ? { status: 400, code: "BAD_REQUEST", message: "not a request of HTTP/1.1" }
    : null;
}
