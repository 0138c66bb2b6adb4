import type { Redis, RedisOptions } from "ioredis";

/** Two connections to one Redis that live and die together. */
export interface Session {
  readonly commands: Redis;
  /** Waits for the feed, and so can't be used for anything else. */
  readonly reader: Redis;
  /** Rejects when the session is over, with the reason. */
  readonly over: Promise<never>;
  end(reason: Error): void;
}

export interface SessionOptions {
  url: string;
  /** How long Redis may take for an answer, in milliseconds. */
  timeoutMs: number;
  /** How long the reader waits for the feed, in milliseconds. */
  blockMs: number;
  name: string;
}

/**
 * Connects, within the time limit. Nothing is ever sent twice: commands under way when a connection is lost are
 * rejected, and coming back is a new session.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { timeoutMs, blockMs } = options;
  // Asked for here, so that a bundle loads it only where it is used.
  const { Redis: Client } = await import("ioredis");
  const commands = new Client(options.url, clientOptions(options, timeoutMs));
  const reader = new Client(options.url, clientOptions(options, timeoutMs + blockMs));
  let end: (reason: Error) => void = () => {};
  const over = new Promise<never>((_, reject) => {
    let ended = false;
    end = (reason) => {
      if (ended) return;
      ended = true;
      commands.disconnect();
      reader.disconnect();
      reject(reason);
    };
  });
  // Whoever works with the session sees the reason; with nobody there it is no failure.
  over.catch(() => {});
  for (const redis of [commands, reader]) {
    redis.on("error", end);
    redis.on("end", () => end(new Error("the connection was closed")));
  }
  const late = setTimeout(() => end(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const connected = Promise.all([commands.connect(), reader.connect()]);
    await Promise.race([connected, over]);
  } catch (error) {
    end(error as Error);
    // The reason that ended the session says more than the rejection that followed from it.
    await over;
  } finally {
    clearTimeout(late);
  }
  return { commands, reader, over, end };
}

function clientOptions({ timeoutMs, name }: SessionOptions, commandTimeout: number): RedisOptions {
  return {
    lazyConnect: true,
    connectionName: name,
    connectTimeout: timeoutMs,
    commandTimeout,
    retryStrategy: null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
}

/** Host and port, or the socket's path: what may be shown of a URL that holds a password. */
export function addressOf(url: string): string {
  if (url.startsWith("/")) return url.split("?")[0] ?? url;
  try {
    const { hostname, port } = new URL(url.includes("://") ? url : `redis://${url}`);
    return `${hostname || "localhost"}:${port || "6379"}`;
  } catch {
    return "an address that can't be read";
  }
}
