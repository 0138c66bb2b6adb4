import type { z } from "zod";
import type { Route } from "../../../lib/contract/routes";
import { errorBodySchema } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import { type Answer, createDialer, mismatch } from "./dialer";

type Schema<S, Fallback> = S extends z.ZodType ? S : Fallback;
type InputOf<S> = S extends z.ZodType ? z.input<S> : undefined;
export type OutputOf<R extends Route> = R["output"] extends "text"
  ? string
  : R["output"] extends "none"
    ? null
    : z.output<Schema<R["output"], z.ZodNull>>;

export interface CallInput<R extends Route> {
  params?: InputOf<R["params"]>;
  query?: InputOf<R["query"]>;
  body?: InputOf<R["body"]>;
}

export interface CallOptions {
  timeoutMs?: number;
  maxBytes?: number;
  /** Who is behind the call, as the member writes it into its log. */
  requestedBy?: string;
}

export interface MemberClient {
  /**
   * Calls one endpoint of the member and parses the answer with the contract. Throws MEMBER_UNREACHABLE,
   * MEMBER_TIMEOUT, MEMBER_MISMATCH (`details.kind`) or MEMBER_REFUSED (`details.status`, `details.code`).
   */
  call<R extends Route>(route: R, input?: CallInput<R>, options?: CallOptions): Promise<OutputOf<R>>;
  /** The same with the answer's headers. */
  exchange<R extends Route>(
    route: R,
    input?: CallInput<R>,
    options?: CallOptions,
  ): Promise<{ output: OutputOf<R>; headers: Answer["headers"] }>;
  close(): Promise<void>;
}

const defaults = { timeoutMs: 10_000, maxBytes: 16 * 1_048_576, connectTimeoutMs: 3_000 };

export function createMemberClient(
  member: { adminUrl: string; token: string | null },
  settings: Partial<typeof defaults> = {},
): MemberClient {
  const { timeoutMs, maxBytes, connectTimeoutMs } = { ...defaults, ...settings };
  const base = new URL(member.adminUrl);
  if (base.protocol !== "http:" && base.protocol !== "https:") {
    throw new CodedError("INVALID_CONFIG", `not an http URL: ${base.protocol}//`);
  }
  const dialer = createDialer(base.origin, connectTimeoutMs);
  const prefix = base.pathname.replace(/\/+$/, "");

  async function exchange<R extends Route>(
    route: R,
    input: CallInput<R> = {},
    options: CallOptions = {},
  ): Promise<{ output: OutputOf<R>; headers: Answer["headers"] }> {
    const headers: Record<string, string> = {
      accept: route.output === "text" ? "text/plain" : "application/json",
      "accept-encoding": "identity",
      "x-requested-by": encodeURIComponent(options.requestedBy ?? "wirewatch"),
    };
    if (member.token !== null) headers.authorization = `Bearer ${member.token}`;
    if (input.body !== undefined) headers["content-type"] = "application/json";
    const answer = await dialer.ask({
      method: route.method,
      path: prefix + pathOf(route, input.params) + queryOf(input.query),
      headers,
      body: input.body === undefined ? null : JSON.stringify(input.body),
      timeoutMs: options.timeoutMs ?? timeoutMs,
      maxBytes: options.maxBytes ?? maxBytes,
    });
    return { output: read(route, answer), headers: answer.headers };
  }

  return {
    exchange,
    call: async (route, input, options) => (await exchange(route, input, options)).output,
    close: () => dialer.close(),
  };
}

function pathOf(route: Route, params: unknown): string {
  const values = (params ?? {}) as Record<string, unknown>;
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function queryOf(query: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

function read<R extends Route>(route: R, answer: Answer): OutputOf<R> {
  const { status, text } = answer;
  const good = status >= 200 && status < 300;
  if (route.output === "text" || route.output === "none") {
    if (!good) throw refused(status, parseJson(text)) ?? mismatch("status", { status });
    return (route.output === "text" ? text : null) as OutputOf<R>;
  }
  const json = parseJson(text);
  // A verdict such as 422 for a broken configuration comes with the body that the route promises.
  const parsed = json === undefined ? null : (route.output as z.ZodType).safeParse(json);
  if (parsed?.success && (good || status === 422 || status === 503)) return parsed.data as OutputOf<R>;
  if (!good) throw refused(status, json) ?? mismatch("status", { status });
  if (json === undefined) throw mismatch(looksLikeHtml(answer) ? "html" : "broken_json", { status });
  const issue = parsed?.error?.issues[0];
  throw mismatch("schema", {
    status,
    path: issue && issue.path.length > 0 ? issue.path.join(".").slice(0, 200) : "(root)",
    expected: issue?.message ?? "",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Told to the caller as broken_json, html or by its status.
    return undefined;
  }
}

function refused(status: number, json: unknown): CodedError | null {
  const body = errorBodySchema.safeParse(json);
  if (!body.success && status !== 401 && status !== 403) return null;
  const details: Record<string, unknown> = { status };
  if (body.success) {
    details.code = body.data.error.code;
    details.message = body.data.error.message.slice(0, 500);
    details.details = body.data.error.details ?? {};
  }
  return new CodedError("MEMBER_REFUSED", `the member refused: ${String(details.code ?? status)}`, details);
}

function looksLikeHtml({ headers, text }: Answer): boolean {
  return String(headers["content-type"] ?? "").includes("html") || text.trimStart().startsWith("<");
}
