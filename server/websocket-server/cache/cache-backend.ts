import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import { LocalSequencer } from "../topics/local-sequencer";
import type { CacheBackend } from "./cache-state";

/** The backend that the settings ask for. What speaks to Redis is only loaded where it is asked for. */
export async function createCacheBackend(settings: Settings, logger: Logger): Promise<CacheBackend> {
  const { "cache.backend": backend, "redis.url": url } = settings;
  if (backend !== "redis" || url === null) {
    return {
      sequencer: new LocalSequencer(),
      leases: null,
      state: () => ({ backend: "memory", state: "ready", reason: null }),
      redisFigures: () => Promise.resolve(null),
    };
  }
  const { RedisSequencer } = await import("../redis/redis-sequencer");
  const sequencer = new RedisSequencer({
    url,
    prefix: settings["redis.prefix"],
    timeoutMs: settings["redis.timeout"] * 1_000,
    feedLength: settings["redis.feed_messages"],
    leaseMs: settings["redis.lease"] * 1_000,
    logger,
  });
  return {
    sequencer,
    leases: sequencer.leases,
    state: () => sequencer.state,
    redisFigures: () => sequencer.figures(),
  };
}
