import { z } from "zod";

/** Codes that a request over the WebSocket can be refused with. */
export const protocolErrors = {
  BROKEN_JSON: "not a JSON text",
  INVALID_REQUEST: "not a request of this protocol",
  UNKNOWN_OP: "no such op",
  INVALID_TOPIC:
    "a topic is named with 1 to 256 of A-Z a-z 0-9 . _ : / -; in a pattern * stands for any run of them",
  UNKNOWN_TOPIC: "nothing feeds this topic",
  TOO_MANY_SUBSCRIPTIONS: "this connection holds as many topics as it may",
  PATTERNS_NOT_ALLOWED: "subscriptions.patterns is off",
  TOO_MANY_PATTERNS: "this connection, or all together, hold as many patterns as they may",
  PUBLISH_NOT_ALLOWED: "publish.allow does not cover this topic",
  TOO_MANY_TOPICS: "no further topic can be made",
  CACHE_UNAVAILABLE: "no message can be taken now; try again later",
  RATE_LIMITED: "more messages a second than one connection may send",
} as const;
export type ProtocolErrorCode = keyof typeof protocolErrors;

const id = z.union([z.string().max(128), z.number()]).optional();
const longestTopic = 256;
const topic = z.string().min(1).max(longestTopic);
const epoch = z.string().max(64);
const seq = z.custom<number>(isSeq, { message: "expected a whole number from 0" });

/** Levels of arrays and objects that published data may nest: not every reader's parser takes any depth. */
const deepestData = 100;

function isWithinDepth(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((inner) => isWithinDepth(inner, levels - 1));
}

/** Names from a client are never read as keys of an object: `__proto__` is a topic like any other. */
const seqs = z
  .custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    message: "expected an object of topics and their seq",
  })
  .transform((value) => new Map<string, unknown>(Object.entries(value)))
  .refine((entries): entries is Map<string, number> => [...entries].every(isTopicAndSeq), {
    message: "expected topics and whole numbers from 0",
  });

/** No schema: a message may hold 100,000 of them. */
function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTopicAndSeq([name, value]: [string, unknown]): boolean {
  return name.length <= longestTopic && isSeq(value);
}

/** The last message seen: of a topic, or of each topic of a pattern. */
const since = z.union([z.object({ epoch, seq }), z.object({ epoch, seqs })]).optional();

/** What clients send: one JSON object a text frame. */
const requestSchema = z.discriminatedUnion("op", [
  z.object({ op: z.literal("subscribe"), id, topic, since }),
  z.object({ op: z.literal("unsubscribe"), id, topic }),
  z.object({
    op: z.literal("publish"),
    id,
    topic,
    data: z
      .custom<unknown>((value) => value !== undefined, { message: "expected a JSON value", abort: true })
      .refine((value) => isWithinDepth(value, deepestData), {
        message: `expected at most ${deepestData} levels`,
      }),
  }),
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
  if (issue?.path[0] === "topic" && typeof given.topic === "string") {
    return refused(requestId, "INVALID_TOPIC");
  }
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
