import { Client, errors } from "undici";
import { CodedError } from "../../../lib/errors";

export interface Question {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** From the call to the last byte of the answer. */
  timeoutMs: number;
  maxBytes: number;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Dialer {
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

const unreachable: Record<string, string> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ETIMEDOUT: "connect_timeout",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
};

/**
 * The one way to a member: a single connection to the registered origin, no redirects, an end to every wait
 * and to every size. Throws MEMBER_UNREACHABLE, MEMBER_TIMEOUT and MEMBER_MISMATCH.
 */
export function createDialer(origin: string, connectTimeoutMs: number): Dialer {
  const client = new Client(origin, {
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    keepAliveTimeout: 30_000,
    maxHeaderSize: 16_384,
  });
  let connected = false;
  client.on("connect", () => {
    connected = true;
  });
  client.on("disconnect", () => {
    connected = false;
  });

  async function ask(question: Question): Promise<Answer> {
    const { timeoutMs, maxBytes } = question;
    const abort = new AbortController();
    let late: CodedError | null = null;
    const timer = setTimeout(() => {
      late = connected
        ? new CodedError("MEMBER_TIMEOUT", `no answer within ${timeoutMs} ms`, { limitMs: timeoutMs })
        : unreachableError("connect_timeout", timeoutMs);
      abort.abort();
    }, timeoutMs);
    let answering = false;
    try {
      const { statusCode, headers, body } = await client.request({
        method: question.method,
        path: question.path,
        headers: question.headers,
        body: question.body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: abort.signal,
      });
      answering = true;
      const encoding = headers["content-encoding"];
      if (encoding !== undefined && encoding !== "identity") {
        abort.abort();
        body.on("error", () => {});
        throw mismatch("encoding", { encoding: String(encoding).slice(0, 40) });
      }
      return { status: statusCode, headers, text: await readText(body, maxBytes) };
    } catch (error) {
      if (late) throw late;
      throw failure(error, answering, connectTimeoutMs, timeoutMs);
    } finally {
      clearTimeout(timer);
    }
  }

  return { ask, close: () => client.destroy() };
}

async function readText(
  body: AsyncIterable<unknown> & { destroy(): unknown; on(event: "error", listener: () => void): unknown },
  maxBytes: number,
): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    const buffer = part as Buffer;
    bytes += buffer.length;
    if (bytes > maxBytes) {
      body.on("error", () => {});
      body.destroy();
      throw mismatch("too_large", { limitBytes: maxBytes });
    }
    parts.push(buffer);
  }
  return Buffer.concat(parts, bytes).toString("utf8");
}

export function mismatch(kind: string, details: Record<string, unknown>, cause?: unknown): CodedError {
  return new CodedError(
    "MEMBER_MISMATCH",
    `the answer is not as agreed: ${kind}`,
    { kind, ...details },
    cause,
  );
}

function unreachableError(reason: string, connectTimeoutMs: number, cause?: unknown): CodedError {
  const details = reason === "connect_timeout" ? { reason, limitMs: connectTimeoutMs } : { reason };
  return new CodedError("MEMBER_UNREACHABLE", `can't be reached: ${reason}`, details, cause);
}

function failure(error: unknown, answering: boolean, connectMs: number, timeoutMs: number): unknown {
  if (error instanceof CodedError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = unreachable[code];
  if (reason) return unreachableError(reason, connectMs, error);
  if (code === "UND_ERR_SOCKET") return unreachableError(answering ? "reset" : "empty", connectMs, error);
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return new CodedError(
      "MEMBER_TIMEOUT",
      `no answer within ${timeoutMs} ms`,
      { limitMs: timeoutMs },
      error,
    );
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") return mismatch("too_large", { limitBytes: 16_384 }, error);
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") return mismatch("broken_json", {}, error);
  if (error instanceof errors.HTTPParserError) return mismatch("not_http", {}, error);
  if (code === "UND_ERR_DESTROYED" || code === "UND_ERR_CLOSED") {
    return new CodedError("SHUTTING_DOWN", "the console is stopping", {}, error);
  }
  if (code === "EPROTO" || /^ERR_(TLS|SSL)|CERT|_SIGNATURE$/.test(code)) return mismatch("tls", {}, error);
  return unreachableError("unreachable", connectMs, error);
}
