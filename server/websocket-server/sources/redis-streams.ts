import type { RedisConnection } from "./redis-connection";
import type { PayloadFormat, Session } from "./source";

/** Keeps the id of the newest entry that was handed on, by stream. */
export interface StreamPositions {
  /** Empty when nothing usable is kept. */
  read(connection: RedisConnection): Promise<Map<string, string>>;
  /** Rejects when they can't be kept. `now` asks not to put it off: nothing comes after. */
  save(positions: ReadonlyMap<string, string>, connection: RedisConnection, now?: boolean): Promise<void>;
}

export interface RedisStreamsOptions {
  streams: readonly string[];
  prefix: string;
  format: PayloadFormat;
  /** The field that holds the payload; an entry without it is handed on with all its fields. */
  field: string;
  /** Where to begin with a stream of which no position is kept. */
  from: "newest" | "oldest";
  timeoutMs: number;
  kept: StreamPositions;
}

type Entry = [id: string, fields: string[]];
type Reply = [stream: string, entries: Entry[]][] | null;

const mostAtOnce = 200;
const beginning = "0-0";

/**
 * Publishes the entries of streams in order. What found no place is read again after a reconnect. `positions` holds those of this process, and
 * what is kept elsewhere comes before them; `ready` is called once the places to begin at are known.
 */
export async function readStreams(
  connection: RedisConnection,
  options: RedisStreamsOptions,
  positions: Map<string, string>,
  session: Session,
  ready: () => void,
): Promise<void> {
  const { client } = connection;
  const { streams, timeoutMs, kept: store } = options;
  for (const [stream, id] of await store.read(connection)) positions.set(stream, id);
  for (const stream of streams) {
    const newest = (await connection.ask(client.xrevrange(stream, "+", "-", "COUNT", 1), timeoutMs))[0]?.[0];
    const kept = positions.get(stream);
    if (kept === undefined) {
      positions.set(stream, options.from === "newest" && newest !== undefined ? newest : beginning);
    } else if (newest !== undefined && compareIds(newest, kept) < 0) {
      session.error(`${stream} was made anew: its newest entry ${newest} is before ${kept}`);
      positions.set(stream, beginning);
    }
  }
  const save = (now = false) =>
    store.save(positions, connection, now).catch((error: unknown) => {
      if (!session.signal.aborted) session.error(`positions not kept: ${error}`);
    });
  ready();
  const blockMs = Math.max(1, Math.floor(Math.min(1_000, timeoutMs / 2)));
  try {
    for (;;) {
      const ids = streams.map((stream) => positions.get(stream) as string);
      const command = client.call(
        "XREAD",
        "COUNT",
        mostAtOnce,
        "BLOCK",
        blockMs,
        "STREAMS",
        ...streams,
        ...ids,
      );
      const reply = (await connection.ask(command, blockMs + timeoutMs / 2)) as Reply;
      for (const [stream, entries] of reply ?? []) {
        await handOn(stream, entries, options, positions, session);
      }
      await save();
    }
  } finally {
    await save(true);
  }
}

/**
 * Offers a batch without waiting for one entry before the next, since a place may be a round trip away. The position
 * stops before the first entry without a place; those after it that had one are read and handed on again.
 */
async function handOn(
  stream: string,
  entries: Entry[],
  options: RedisStreamsOptions,
  positions: Map<string, string>,
  session: Session,
): Promise<void> {
  const placings = entries.map(([, fields]) => offer(options.prefix + stream, fields, options, session));
  for (const [index, placing] of placings.entries()) {
    const placed = await placing;
    if (session.signal.aborted) throw new Error("stopped");
    const [id] = entries[index] as Entry;
    if (!placed) throw new Error(`entry ${id} of ${stream} found no place and will be read again`);
    positions.set(stream, id);
  }
}

function offer(
  topic: string,
  fields: string[],
  { format, field }: RedisStreamsOptions,
  session: Session,
): boolean | Promise<boolean> {
  const at = fields.findIndex((each, index) => index % 2 === 0 && each === field);
  if (at >= 0) return session.receive(topic, fields[at + 1] ?? "", format);
  const pairs = fields.flatMap((each, i) => (i % 2 === 0 ? [[each, fields[i + 1]]] : []));
  return session.receive(topic, JSON.stringify(Object.fromEntries(pairs)), "json");
}

/** Below zero when `a` comes before `b`. Ids are milliseconds and a number, each up to 64 bits. */
export function compareIds(a: string, b: string): number {
  const [aMs = 0n, aNumber = 0n] = a.split("-").map(BigInt);
  const [bMs = 0n, bNumber = 0n] = b.split("-").map(BigInt);
  const order = aMs === bMs ? aNumber - bNumber : aMs - bMs;
  return order < 0n ? -1 : order > 0n ? 1 : 0;
}
