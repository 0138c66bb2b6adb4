/** An entry of the stream as ioredis answers it. */
export type StreamEntry = [id: string, fields: string[]];

export interface PlacedMessage {
  kind: "message";
  epoch: string;
  topic: string;
  seq: number;
  atMs: number;
  data: string;
  /** The instance that gave it to Redis, and its count there. */
  origin: string;
  reference: number;
}

export type FeedEntry =
  | PlacedMessage
  /** Last values and histories to drop; null for those of all topics. */
  | { kind: "forget"; topics: string[] | null }
  /** An instance gave leases up. */
  | { kind: "released" }
  /** Written by something else, or by a later version. */
  | { kind: "foreign" };

const foreign: FeedEntry = { kind: "foreign" };

/** Never throws: whatever stands in the stream has a kind. */
export function readFeedEntry([, fields]: StreamEntry): FeedEntry {
  const [name, value = "", , topic, , data] = fields;
  if (name === "h" && topic !== undefined && data !== undefined) {
    const [seq, atMs, epoch = "", origin = "", reference] = value.split(" ");
    const message = {
      kind: "message" as const,
      epoch,
      topic,
      seq: Number(seq),
      atMs: Number(atMs),
      data,
      origin,
      reference: Number(reference),
    };
    return Number.isSafeInteger(message.seq) && Number.isSafeInteger(message.atMs) ? message : foreign;
  }
  if (name === "forget") return readForget(value);
  return name === "released" ? { kind: "released" } : foreign;
}

function readForget(text: string): FeedEntry {
  try {
    const topics: unknown = JSON.parse(text);
    if (topics === null) return { kind: "forget", topics: null };
    if (Array.isArray(topics)) return { kind: "forget", topics: topics.map(String) };
  } catch {
    // Not ours: nothing to do about it.
  }
  return foreign;
}

/** A last value, `<seq> <ts> <data>`; null for what is none. */
export function readLastValue(text: string): { seq: number; atMs: number; data: string } | null {
  const first = text.indexOf(" ");
  const second = text.indexOf(" ", first + 1);
  const [seq, atMs] = [Number(text.slice(0, first)), Number(text.slice(first + 1, second))];
  if (second < 0 || !Number.isSafeInteger(seq) || !Number.isSafeInteger(atMs)) return null;
  return { seq, atMs, data: text.slice(second + 1) };
}

/** When an entry was added, by Redis' clock. */
export function msOf(id: string): number {
  return Number(id.split("-")[0]);
}

/** Whether stream id `a` comes before `b`. */
export function isBefore(a: string, b: string): boolean {
  const [aMs = "0", aCount = "0"] = a.split("-");
  const [bMs = "0", bCount = "0"] = b.split("-");
  return aMs === bMs ? Number(aCount) < Number(bCount) : Number(aMs) < Number(bMs);
}
