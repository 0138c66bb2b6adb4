import type { CleanupMatch } from "@/lib/contract/console-api";

export const defaultIdleSeconds = 300;
const mebibyte = 1024 ** 2;

/** A clean-up's conditions as they are being typed; an absent one is not asked for. */
export interface Conditions {
  idleSeconds: string | null;
  includeSubscribed: boolean;
  pingFirst: boolean;
  ip: string | null;
  topic: string | null;
  minBufferedMiB: string | null;
  /** Of rows picked by hand; they stand alone. */
  ids: readonly string[] | null;
}

export type TextCondition = "idleSeconds" | "ip" | "topic" | "minBufferedMiB";

export function conditionsOf(match: CleanupMatch | undefined): Conditions {
  const given = match ?? { idle_seconds: defaultIdleSeconds };
  return {
    idleSeconds: given.idle_seconds === undefined ? null : String(given.idle_seconds),
    includeSubscribed: given.include_subscribed ?? false,
    pingFirst: given.ping_first ?? false,
    ip: given.ip ?? null,
    topic: given.topic ?? null,
    minBufferedMiB: given.min_buffered === undefined ? null : String(given.min_buffered / mebibyte),
    ids: given.ids ?? null,
  };
}

/** A positive number, or null for what is no such thing yet. */
function amount(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

/** Names of the conditions whose value can't be asked for as it stands. */
export function mistakesIn(conditions: Conditions): TextCondition[] {
  if (conditions.ids) return [];
  const mistakes: TextCondition[] = [];
  if (conditions.idleSeconds !== null && amount(conditions.idleSeconds) === null)
    mistakes.push("idleSeconds");
  if (conditions.minBufferedMiB !== null && amount(conditions.minBufferedMiB) === null) {
    mistakes.push("minBufferedMiB");
  }
  if (conditions.ip?.trim() === "") mistakes.push("ip");
  if (conditions.topic?.trim() === "") mistakes.push("topic");
  return mistakes;
}

/** The request for these conditions. What is still being typed matches nobody, rather than everyone. */
export function matchOf(conditions: Conditions): CleanupMatch {
  const pinged = conditions.pingFirst ? { ping_first: true } : {};
  if (conditions.ids) return { ids: [...conditions.ids], ...pinged };
  if (mistakesIn(conditions).length > 0) return { ids: [] };
  const idle = amount(conditions.idleSeconds);
  const buffered = amount(conditions.minBufferedMiB);
  return {
    ...(idle === null ? {} : { idle_seconds: idle }),
    ...(conditions.includeSubscribed ? { include_subscribed: true } : {}),
    ...(conditions.ip === null ? {} : { ip: conditions.ip.trim() }),
    ...(conditions.topic === null ? {} : { topic: conditions.topic.trim() }),
    ...(buffered === null ? {} : { min_buffered: Math.round(buffered * mebibyte) }),
    ...pinged,
  };
}
