import { secretsOf } from "./error-text";
import { followChannels } from "./redis-channels";
import { openRedis } from "./redis-connection";
import { isRedisPattern, matchesRedisPattern } from "./redis-pattern";
import { type RedisStreamsOptions, readStreams } from "./redis-streams";
import { type Feed, RefusedError } from "./source";

export interface RedisFeedOptions extends RedisStreamsOptions {
  url: string;
  /** Names and patterns. */
  channels: readonly string[];
}

/** Channels and streams of one Redis. A topic is called as its channel or stream, after the prefix. */
export function redisFeed(options: RedisFeedOptions): Feed {
  const { url, channels, streams, prefix, timeoutMs } = options;
  const names = new Set([...streams, ...channels.filter((channel) => !isRedisPattern(channel))]);
  const patterns = channels.filter(isRedisPattern);
  const positions = new Map<string, string>();

  return {
    name: "redis",
    type: "redis",
    secrets: secretsOf(url),
    covers(topic) {
      if (!topic.startsWith(prefix)) return false;
      const name = topic.slice(prefix.length);
      return names.has(name) || patterns.some((pattern) => matchesRedisPattern(pattern, name));
    },
    async run(session) {
      const { signal } = session;
      const end = new AbortController();
      const open = () => openRedis(url, timeoutMs, AbortSignal.any([signal, end.signal]));
      // a connection that follows channels can't read streams
      let missing = (channels.length > 0 ? 1 : 0) + (streams.length > 0 ? 1 : 0);
      if (missing === 0)
        throw new RefusedError("sources.redis.channels and sources.redis.streams are both empty");
      const ready = () => {
        missing--;
        if (missing === 0) session.connected();
      };
      const works: Promise<void>[] = [];
      try {
        if (channels.length > 0) {
          works.push(open().then((connection) => followChannels(connection, options, session, ready)));
        }
        if (streams.length > 0) {
          works.push(
            open().then((connection) => readStreams(connection, options, positions, session, ready)),
          );
        }
        await Promise.race(works);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        end.abort();
        await Promise.allSettled(works);
      }
    },
  };
}
