import type { Redis } from "ioredis";

export interface RedisFacts {
  version: string | null;
  usedMemoryBytes: number | null;
}

/** What INFO tells; Valkey's own version where it is one. */
export async function readFacts(redis: Redis): Promise<RedisFacts> {
  const [server, memory] = await Promise.all([redis.info("server"), redis.info("memory")]);
  const usedMemory = Number(field(memory, "used_memory"));
  return {
    version: field(server, "valkey_version") ?? field(server, "redis_version"),
    usedMemoryBytes: Number.isSafeInteger(usedMemory) ? usedMemory : null,
  };
}

function field(text: string, name: string): string | null {
  return new RegExp(`^${name}:(.+?)\\r?$`, "m").exec(text)?.[1] ?? null;
}
