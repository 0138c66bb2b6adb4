import type { Settings } from "../config/schema";
import { httpPollFeed } from "./http-poll";
import { postgresNotifyFeed } from "./postgres-notify";
import { redisFeed } from "./redis";
import { RedisPositionHash } from "./redis-position-hash";
import { simulatedFeeds } from "./simulated";
import type { Feed, PayloadFormat } from "./source";
import { StreamPositionFile } from "./stream-position-file";

/** The feeds that the configuration asks for. */
export function createFeeds(settings: Settings): Feed[] {
  const feeds: Feed[] = [];
  if (settings["sources.simulated.enabled"]) {
    feeds.push(...simulatedFeeds(settings["sources.simulated.seed"], settings["sources.simulated.rate"]));
  }
  const timeoutMs = settings["sources.timeout"] * 1_000;
  const redisUrl = settings["sources.redis.url"];
  if (redisUrl !== null) {
    const positionKey = settings["sources.redis.position_key"];
    const { host, pathname } = new URL(redisUrl);
    feeds.push(
      redisFeed({
        url: redisUrl,
        channels: settings["sources.redis.channels"],
        streams: settings["sources.redis.streams"],
        prefix: settings["sources.redis.prefix"] ?? "",
        format: settings["sources.redis.payload"] as PayloadFormat,
        field: settings["sources.redis.stream_field"],
        from: settings["sources.redis.stream_from"] as "newest" | "oldest",
        timeoutMs,
        kept:
          positionKey === null
            ? new StreamPositionFile(settings.data_dir, `${host}${pathname}`)
            : new RedisPositionHash(positionKey, timeoutMs),
      }),
    );
  }
  for (const entry of settings["sources.http_poll.urls"]) {
    const split = entry.indexOf("=");
    feeds.push(
      httpPollFeed({
        topic: entry.slice(0, split),
        url: entry.slice(split + 1),
        intervalMs: settings["sources.http_poll.interval"] * 1_000,
        timeoutMs,
        maxBytes: settings["sources.max_bytes"],
        pointer: settings["sources.http_poll.pointer"] ?? "",
        split: settings["sources.http_poll.split"],
        always: settings["sources.http_poll.publish"] === "always",
        authorization: settings["sources.http_poll.authorization"],
      }),
    );
  }
  const postgresUrl = settings["sources.postgres_notify.url"];
  if (postgresUrl !== null) {
    feeds.push(
      postgresNotifyFeed({
        url: postgresUrl,
        channels: settings["sources.postgres_notify.channels"],
        prefix: settings["sources.postgres_notify.prefix"] ?? "",
        format: settings["sources.postgres_notify.payload"] as PayloadFormat,
        timeoutMs,
      }),
    );
  }
  return feeds;
}
