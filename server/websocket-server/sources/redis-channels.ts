import { setTimeout as wait } from "node:timers/promises";
import type { RedisConnection } from "./redis-connection";
import { isRedisPattern, matchesRedisPattern } from "./redis-pattern";
import type { PayloadFormat, Session } from "./source";

export interface RedisChannelsOptions {
  /** Names and patterns. */
  channels: readonly string[];
  prefix: string;
  format: PayloadFormat;
  timeoutMs: number;
}

/** Publishes what comes on channels. `ready` is called when every subscription is confirmed; never resolves. */
export async function followChannels(
  connection: RedisConnection,
  { channels, prefix, format, timeoutMs }: RedisChannelsOptions,
  session: Session,
  ready: () => void,
): Promise<void> {
  const { client } = connection;
  const patterns = channels.filter(isRedisPattern);
  const names = new Set(channels.filter((channel) => !isRedisPattern(channel)));
  const take = (channel: string, text: string) => void session.receive(prefix + channel, text, format);
  client.on("message", take);
  client.on("pmessage", (pattern: string, channel: string, text: string) => {
    // Redis sends it once for each subscription that matches
    if (names.has(channel)) return;
    const first = patterns.find((each) => matchesRedisPattern(each, channel));
    if (first === undefined || first === pattern) take(channel, text);
  });
  if (names.size > 0) await connection.ask(client.subscribe(...names), timeoutMs);
  if (patterns.length > 0) await connection.ask(client.psubscribe(...patterns), timeoutMs);
  ready();
  // a server that stopped without a word is only noticed by asking
  for (;;) {
    await Promise.race([wait(timeoutMs / 2, undefined, { ref: false }), connection.lost]);
    await connection.ask(client.ping(), timeoutMs / 2);
  }
}
