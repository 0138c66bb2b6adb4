import type { Redis } from "ioredis";
import { RefusedError } from "./source";

export interface RedisConnection {
  readonly client: Redis;
  /** Rejects when the connection is gone, with the reason. */
  readonly lost: Promise<never>;
  /** A command's answer; rejects when the connection is lost or nothing comes `withinMs`. */
  ask<T>(command: Promise<T>, withinMs: number): Promise<T>;
  close(): void;
}

/** What Redis says when waiting does not help. */
const refusal =
  /^(WRONGPASS|NOAUTH|NOPERM|WRONGTYPE|ERR (AUTH|invalid password|DB index|invalid DB|Client sent AUTH))/;

/**
 * One connection without ioredis' own reconnects, which would hide from the status what happens. Name, password
 * and database of the address are used one by one, so that each refusal is told as what it is.
 */
export async function openRedis(
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RedisConnection> {
  const { username, password, pathname } = new URL(url);
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  bare.pathname = "";
  // Asked for here, so that a bundle loads it only where it is used.
  const { Redis: Client } = await import("ioredis");
  const client = new Client(bare.href, {
    lazyConnect: true,
    protocol: 2,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    connectTimeout: timeoutMs,
    disconnectTimeout: 200,
  });
  let lastError: unknown = null;
  client.on("error", (error) => {
    lastError = error;
  });
  const lost = new Promise<never>((_, reject) => {
    client.on("end", () => reject(lastError ?? new Error("the server closed the connection")));
  });
  lost.catch(() => {});
  const connection: RedisConnection = {
    client,
    lost,
    async ask(command, withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const text = `no answer within ${withinMs / 1_000} s`;
        timer = setTimeout(() => reject(new Error(text)), withinMs);
      });
      // a command that loses the race fails with the connection, and that has been told then
      command.catch(() => {});
      try {
        return await Promise.race([command, lost, late]);
      } catch (error) {
        const { message } = error as Error;
        // why it is closed is with `lost`
        if (message === "Connection is closed.") return await lost;
        throw refusal.test(message) ? new RefusedError(message) : error;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => client.disconnect(),
  };
  signal.addEventListener("abort", connection.close, { once: true });
  try {
    signal.throwIfAborted();
    // ioredis says only "Connection is closed" here; what went wrong is with `lost`
    await Promise.race([client.connect().catch(() => lost), lost]);
    if (password !== "") {
      const secret = decodeURIComponent(password);
      const auth = username === "" ? client.auth(secret) : client.auth(decodeURIComponent(username), secret);
      await connection.ask(auth, timeoutMs);
    }
    const database = pathname.replace("/", "");
    if (database !== "") await connection.ask(client.select(database), timeoutMs);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
