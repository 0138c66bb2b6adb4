import type { SequencedMessage } from "./sequencer";
import type { Topic } from "./topic";
import type { Topics } from "./topics";

type Content = Pick<SequencedMessage, "atMs" | "data" | "acceptedAtMs">;

/**
 * All messages that the topics still hold, oldest first, as another process needs them to hold the same. Of topics
 * whose value was forgotten the message only tells the number: they are named, to be forgotten there too.
 */
export function keptMessages(topics: Topics): { messages: SequencedMessage[]; withoutValue: string[] } {
  const { epoch } = topics;
  const kept: { message: SequencedMessage; since: number }[] = [];
  const withoutValue: string[] = [];
  for (const topic of topics.values()) {
    if (topic.seq === 0) continue;
    if (topic.last === null) withoutValue.push(topic.name);
    let since = 0;
    for (const { seq, frame } of keptOf(topic)) {
      const content = frame === null ? withoutContent(topic) : contentOf(frame);
      // The clock may have been set back; within a topic the numbers decide.
      since = Math.max(since, content.atMs);
      kept.push({ message: { epoch, topic: topic.name, seq, ...content }, since });
    }
  }
  kept.sort((a, b) => a.since - b.since);
  return { messages: kept.map(({ message }) => message), withoutValue };
}

/** Consecutive numbers up to the topic's own. */
function keptOf({ history, seq, last }: Topic): { seq: number; frame: Buffer | null }[] {
  if (last === null) return [{ seq, frame: null }];
  const first = history.oldest?.seq ?? seq;
  const messages = history.after(first - 1) ?? [];
  if (first + messages.length - 1 !== seq) return [{ seq, frame: last.frame }];
  return messages.map(({ frame }, index) => ({ seq: first + index, frame }));
}

function withoutContent({ lastMessageAtMs }: Topic): Content {
  return { atMs: lastMessageAtMs ?? 0, data: "null", acceptedAtMs: null };
}

/** What a topic made the frame of; names of topics need no escapes, so that the first `"data":` is the one. */
function contentOf(frame: Buffer): Content {
  const length = (frame[1] ?? 0) & 0x7f;
  const text = frame.toString("utf8", length < 126 ? 2 : length === 126 ? 4 : 10);
  const data = text.indexOf(',"data":');
  const atMs = Number(text.slice(text.lastIndexOf(":", data) + 1, data));
  return { atMs, data: text.slice(data + ',"data":'.length, -1), acceptedAtMs: null };
}
