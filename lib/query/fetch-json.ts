import type { ErrorCode } from "../errors";

export type FailureCode = ErrorCode | "CONSOLE_UNREACHABLE";

/** What the console refused or could not do; `code` has words in the `errors` messages. */
export class RequestFailure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(code: FailureCode, status: number, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = "RequestFailure";
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export function failureCode(error: unknown): FailureCode {
  return error instanceof RequestFailure ? error.code : "INTERNAL";
}

/** One request to the console's own API. Throws RequestFailure. */
export async function fetchJson<T>(
  path: string,
  options: { method?: "GET" | "POST" | "PATCH" | "DELETE"; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: options.method ?? "GET",
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.body === undefined
        ? {}
        : { body: JSON.stringify(options.body), headers: { "content-type": "application/json" } }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new RequestFailure("CONSOLE_UNREACHABLE", 0, "the console does not answer");
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  throw failureOf(response.status, body);
}

function failureOf(status: number, body: unknown): RequestFailure {
  const error = body && typeof body === "object" && "error" in body ? body.error : null;
  if (error && typeof error === "object" && "code" in error && typeof error.code === "string") {
    const { code, message, details } = error as { code: FailureCode; message?: string; details?: object };
    return new RequestFailure(code, status, message ?? code, { ...details });
  }
  return new RequestFailure("INTERNAL", status, `status ${status}`);
}

/** A query string of what is set; lists are joined by commas. */
export function queryString(
  values: Record<string, string | number | readonly string[] | null | undefined>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === "") continue;
    query.set(name, typeof value === "object" ? value.join() : String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
