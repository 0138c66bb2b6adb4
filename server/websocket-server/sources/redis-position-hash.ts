import type { RedisConnection } from "./redis-connection";
import type { StreamPositions } from "./redis-streams";

/**
 * Keeps positions in a hash of the Redis that holds the streams, so that another instance which takes the source
 * over goes on where this one was. Written after every batch.
 */
export class RedisPositionHash implements StreamPositions {
  readonly #key: string;
  readonly #timeoutMs: number;
  #written = new Map<string, string>();

  constructor(key: string, timeoutMs: number) {
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  async read({ client, ask }: RedisConnection): Promise<Map<string, string>> {
    const fields = Object.entries(await ask(client.hgetall(this.#key), this.#timeoutMs));
    return new Map(fields.filter(([, id]) => /^\d+-\d+$/.test(id)));
  }

  async save(positions: ReadonlyMap<string, string>, { client, ask }: RedisConnection): Promise<void> {
    const changed = [...positions].filter(([stream, id]) => this.#written.get(stream) !== id);
    if (changed.length === 0) return;
    await ask(client.hset(this.#key, Object.fromEntries(changed)), this.#timeoutMs);
    this.#written = new Map(positions);
  }
}
