import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "undici";
import { errorText, secretsOf } from "./error-text";
import { requestIfChanged } from "./http-request";
import { followPointer } from "./json-pointer";
import type { Feed, Session } from "./source";

export interface HttpPollOptions {
  /** The topic; with `split` what comes before the point in the names of the topics. */
  topic: string;
  url: string;
  intervalMs: number;
  timeoutMs: number;
  maxBytes: number;
  /** Where the value stands in the answer. */
  pointer: string;
  /** The value is an object, and each member a topic of its own. */
  split: boolean;
  /** Publish a value that is the same as before, too. */
  always: boolean;
  authorization: string | null;
}

/** Asks an address again and again, and publishes what it answers. */
export function httpPollFeed(options: HttpPollOptions): Feed {
  const { topic, url, intervalMs, timeoutMs, maxBytes, pointer, split, always, authorization } = options;
  let etag: string | null = null;
  let newest: unknown;
  let published = new Map<string, string>();

  async function poll(client: Client, { signal, connected, publish, error }: Session): Promise<void> {
    const ask = { url: new URL(url), etag, authorization, timeoutMs, maxBytes };
    const answer = await requestIfChanged(client, ask, signal);
    connected();
    if (answer.changed) {
      const read = readAnswer(answer.text, pointer, split);
      if (!read.ok) {
        error(`${topic}: ${read.reason}`);
        return;
      }
      newest = read.value;
    }
    if (newest === undefined || (!answer.changed && !always)) return;
    const values: [string, unknown][] = split
      ? Object.entries(newest as object).map(([member, value]) => [`${topic}.${member}`, value])
      : [[topic, newest]];
    const now = new Map<string, string>();
    let placed = true;
    for (const [name, value] of values) {
      const text = JSON.stringify(value);
      if (always || published.get(name) !== text) {
        if (!(await publish(name, value))) {
          placed = false;
          continue;
        }
      }
      now.set(name, text);
    }
    published = now;
    // asked for again in full where something found no place
    etag = placed && answer.changed ? answer.etag : placed ? etag : null;
  }

  return {
    name: `http-poll.${topic}`,
    type: "http-poll",
    secrets: [...secretsOf(url), ...(authorization === null ? [] : [authorization])],
    covers: (name) => (split ? name.startsWith(`${topic}.`) : name === topic),
    async run(session) {
      const { signal } = session;
      // a service without such a source need not hold it in memory
      const { Client } = await import("undici");
      const client = new Client(new URL(url).origin, { connect: { timeout: timeoutMs } });
      try {
        while (!signal.aborted) {
          await poll(client, session);
          await wait(intervalMs, undefined, { signal, ref: false });
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await client.destroy().catch((error: unknown) => session.error(errorText(error, [])));
      }
    },
  };
}

function readAnswer(
  text: string,
  pointer: string,
  split: boolean,
): { ok: true; value: unknown } | { ok: false; reason: string } {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return { ok: false, reason: "the answer is not JSON" };
  }
  const { found, value } = followPointer(whole, pointer);
  if (!found) return { ok: false, reason: `the answer has nothing at ${pointer}` };
  if (split && (typeof value !== "object" || value === null || Array.isArray(value))) {
    return { ok: false, reason: "the answer is no object, whose members could be topics" };
  }
  return { ok: true, value };
}
