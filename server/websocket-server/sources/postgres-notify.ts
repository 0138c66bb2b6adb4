import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "pg";
import { errorText, secretsOf } from "./error-text";
import { type Feed, type PayloadFormat, RefusedError } from "./source";

export interface PostgresNotifyOptions {
  url: string;
  channels: readonly string[];
  prefix: string;
  format: PayloadFormat;
  timeoutMs: number;
}

const endWithinMs = 500;
/** SQLSTATE of what waiting does not help: a wrong user or password, no such database, no right to it. */
const refusal = /^(28|3D000|42501)/;

/** What is sent by NOTIFY on channels of one PostgreSQL. A topic is called as its channel, after the prefix. */
export function postgresNotifyFeed(options: PostgresNotifyOptions): Feed {
  const { url, channels, prefix, format, timeoutMs } = options;
  const topics = new Set(channels.map((channel) => prefix + channel));
  return {
    name: "postgres-notify",
    type: "postgres-notify",
    secrets: secretsOf(url),
    covers: (topic) => topics.has(topic),
    async run(session) {
      const { signal } = session;
      if (channels.length === 0) throw new RefusedError("sources.postgres_notify.channels is empty");
      // a service without such a source need not hold it in memory
      const { default: pg } = await import("pg");
      const client = new pg.Client({
        connectionString: url,
        connectionTimeoutMillis: timeoutMs,
        query_timeout: timeoutMs / 2,
        keepAlive: true,
        application_name: "websocket-server",
      });
      const lost = new Promise<never>((_, reject) => {
        client.on("error", reject);
        client.on("end", () => reject(new Error("the server closed the connection")));
        signal.addEventListener("abort", () => reject(new Error("stopped")));
      });
      lost.catch(() => {});
      client.on("notification", ({ channel, payload = "" }) => {
        // a NOTIFY without a payload says nothing but that it happened
        if (payload === "" && format === "json") void session.publish(prefix + channel, null);
        else void session.receive(prefix + channel, payload, format);
      });
      try {
        signal.throwIfAborted();
        await Promise.race([client.connect(), lost]);
        for (const channel of channels) {
          await Promise.race([client.query(`LISTEN ${pg.escapeIdentifier(channel)}`), lost]);
        }
        session.connected();
        // a server that stopped without a word is only noticed by asking
        for (;;) {
          await Promise.race([wait(timeoutMs / 2, undefined, { ref: false }), lost]);
          await Promise.race([client.query("SELECT 1"), lost]);
        }
      } catch (error) {
        if (!signal.aborted) throw asRefusal(error);
      } finally {
        await close(client);
      }
    },
  };
}

function asRefusal(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const refused = refusal.test(code ?? "") || /^SASL/.test(message ?? "");
  return refused ? new RefusedError(errorText(error, [])) : error;
}

/** Says goodbye, and does not wait long for a server that does not hear it. */
async function close(client: Client): Promise<void> {
  const ended = client.end().catch(() => {});
  await Promise.race([ended, wait(endWithinMs, undefined, { ref: false })]);
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}
