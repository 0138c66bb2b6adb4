import { z } from "zod";

/** Codes that a request over the WebSocket can be refused with. */
export const protocolErrors = {
  BROKEN_JSON: "not a JSON text",
  INVALID_REQUEST: "not a request of this protocol",
  UNKNOWN_OP: "no such op",
  UNKNOWN_TOPIC: "nothing feeds this topic",
  TOO_MANY_SUBSCRIPTIONS: "this connection holds as many topics as it may",
  PUBLISH_NOT_ALLOWED: "publish.allow does not cover this topic",
  TOO_MANY_TOPICS: "no further topic can be made",
  CACHE_UNAVAILABLE: "no message can be taken now; try again later",
  RATE_LIMITED: "more messages a second than one connection may send",
} as const;
export type ProtocolErrorCode = keyof typeof protocolErrors;

const id = z.union([z.string().max(128), z.number()]).optional();
const topic = z.string().min(1).max(256);

/** What clients send: one JSON object a text frame. */
const requestSchema = z.discriminatedUnion("op", [
  z.object({ op: z.literal("subscribe"), id, topic }),
  z.object({ op: z.literal("unsubscribe"), id, topic }),
  z.object({ op: z.literal("publish"), id, topic, data: z.json() }),
  z.object({ op: z.literal("ping"), id }),
]);
export type ProtocolRequest = z.infer<typeof requestSchema>;
export type RequestId = ProtocolRequest["id"];

const ops = new Set<unknown>(["subscribe", "unsubscribe", "publish", "ping"]);

export type ParsedRequest =
  | { ok: true; request: ProtocolRequest }
  | { ok: false; id: RequestId; code: ProtocolErrorCode; message: string };

/** Never throws: whatever a client sends is a request or has a code. */
export function parseRequest(text: string): ParsedRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(undefined, "BROKEN_JSON");
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return { ok: true, request: parsed.data };
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const known = id.safeParse(given.id);
  const requestId = known.success ? known.data : undefined;
  if (typeof given.op === "string" && !ops.has(given.op)) return refused(requestId, "UNKNOWN_OP");
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  return refused(
    requestId,
    "INVALID_REQUEST",
    where === "" ? undefined : `${where}: ${issue?.message ?? ""}`,
  );
}

function refused(requestId: RequestId, code: ProtocolErrorCode, message?: string): ParsedRequest {
  return { ok: false, id: requestId, code, message: message ?? protocolErrors[code] };
}

/** The answer to a request that was refused. */
export function errorAnswer(requestId: RequestId, code: ProtocolErrorCode, message?: string) {
  const error = { code, message: message ?? protocolErrors[code] };
  return requestId === undefined ? { error } : { id: requestId, error };
}
