import type { SequencedMessage } from "./sequencer";
import type { Topics } from "./topics";

/**
 * All messages that the topics still hold, as another process needs them to hold the same. Of topics whose value was
 * forgotten the message only tells the number: they are named, to be forgotten there too.
 */
export function keptMessages(topics: Topics): { messages: SequencedMessage[]; withoutValue: string[] } {
  const { epoch } = topics;
  const messages: SequencedMessage[] = [];
  const withoutValue: string[] = [];
  for (const { name: topic, seq, last } of topics.values()) {
    if (seq === 0) continue;
    if (last === null) withoutValue.push(topic);
    const content = last === null ? { atMs: 0, data: "null", acceptedAtMs: null } : contentOf(last.frame);
    messages.push({ epoch, topic, seq, ...content });
  }
  return { messages, withoutValue };
}

/** What a topic made the frame of; names of topics need no escapes, so that the first `"data":` is the one. */
function contentOf(frame: Buffer): Pick<SequencedMessage, "atMs" | "data" | "acceptedAtMs"> {
  const length = (frame[1] ?? 0) & 0x7f;
  const text = frame.toString("utf8", length < 126 ? 2 : length === 126 ? 4 : 10);
  const data = text.indexOf(',"data":');
  const atMs = Number(text.slice(text.lastIndexOf(":", data) + 1, data));
  return { atMs, data: text.slice(data + ',"data":'.length, -1), acceptedAtMs: null };
}
