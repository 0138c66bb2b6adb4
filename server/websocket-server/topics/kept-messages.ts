import type { KeptMessage } from "./history";
import type { SequencedMessage } from "./sequencer";
import type { Topic } from "./topic";
import type { Topics } from "./topics";

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
    for (const { seq, atMs, data } of keptOf(topic)) {
      // The clock may have been set back; within a topic the numbers decide.
      since = Math.max(since, atMs);
      kept.push({ message: { epoch, topic: topic.name, seq, atMs, data, acceptedAtMs: null }, since });
    }
  }
  kept.sort((a, b) => a.since - b.since);
  return { messages: kept.map(({ message }) => message), withoutValue };
}

/** Consecutive numbers up to the topic's own. */
function keptOf({ history, seq, last, lastMessageAtMs }: Topic): Omit<KeptMessage, "bytes">[] {
  if (last === null) return [{ seq, atMs: lastMessageAtMs ?? 0, data: "null" }];
  const messages = history.after((history.oldest?.message.seq ?? seq) - 1);
  return messages?.at(-1)?.seq === seq ? messages : [last];
}
