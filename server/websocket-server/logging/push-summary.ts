import type { Logger } from "../../process/logger";
import type { ShardFigures } from "../stats/shard-figures";

/** As often as the data sources tell what they published. */
const everyMs = 10_000;

type Totals = Record<"messages" | "bytes" | "conflated" | "dropped" | "queued" | "connections", number>;

/** One line this long of what clients got: a line a message would be the log's ruin. */
export class PushSummary {
  readonly #logger: Logger;
  readonly #shards: () => ShardFigures[];
  #before: Totals | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(logger: Logger, shards: () => ShardFigures[]) {
    this.#logger = logger;
    this.#shards = shards;
  }

  start(): void {
    this.#write();
    this.#timer = setInterval(() => this.#write(), everyMs);
    this.#timer.unref();
  }

  /** Tells the rest. */
  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#write();
  }

  #write(): void {
    const now = addUp(this.#shards());
    const before = this.#before ?? now;
    this.#before = now;
    this.#logger.info("push", {
      messages: now.messages - before.messages,
      bytes: now.bytes - before.bytes,
      conflated: now.conflated - before.conflated,
      dropped: now.dropped - before.dropped,
      queued: now.queued,
      connections: now.connections,
    });
  }
}

function addUp(shards: ShardFigures[]): Totals {
  const sum = (of: (shard: ShardFigures) => number) => shards.reduce((total, each) => total + of(each), 0);
  return {
    messages: sum((shard) => shard.messagesOut),
    bytes: sum((shard) => shard.bytesOut),
    conflated: sum((shard) => shard.conflated),
    dropped: sum((shard) => shard.dropped),
    queued: sum((shard) => shard.queuedMessages),
    connections: sum((shard) => shard.active),
  };
}
