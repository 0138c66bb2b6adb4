import type { InvalidSubscription, TopicRow } from "../../../lib/contract/service-api";
import { askAll } from "../shards/ask-all";
import type { Shard } from "../shards/shard";
import type { TopicHolders } from "../shards/topic-holders";
import type { Topics } from "../topics/topics";
import { Turns } from "../turns";

export const defaultNoPublisherAfterSeconds = 3_600;

/** Looked at between two looks at the clock. */
const stride = 256;

/** A topic with all reasons why subscriptions to it bring nothing; none without subscribers. */
export interface SurveyedTopic {
  row: TopicRow;
  reasons: InvalidSubscription[];
  /** Who holds it, by shard. */
  holders: Map<Shard, TopicHolders>;
}

/** Every topic that has a message or a subscriber anywhere, in no order; who subscribes at `missing` workers is not known. */
export async function surveyTopics(
  topics: Topics,
  shards: readonly Shard[],
  noPublisherAfterSeconds: number,
): Promise<{ topics: SurveyedTopic[]; missing: string[] }> {
  const holdersByTopic = new Map<string, Map<Shard, TopicHolders>>();
  const turns = new Turns();
  const { answers, missing } = await askAll(shards, (shard) => shard.topicHolders());
  for (const { from: shard, answer: all } of answers) {
    for (const [index, holders] of all.entries()) {
      const known = holdersByTopic.get(holders.topic);
      if (known) known.set(shard, holders);
      else holdersByTopic.set(holders.topic, new Map([[shard, holders]]));
      if (index % stride === 0 && turns.due) await turns.next();
    }
  }
  const names = new Set([...topics.values()].filter(({ seq }) => seq > 0).map(({ name }) => name));
  for (const name of holdersByTopic.keys()) names.add(name);
  const surveyed: SurveyedTopic[] = [];
  const nowMs = Date.now();
  let looked = 0;
  for (const name of names) {
    surveyed.push(
      survey(name, topics, holdersByTopic.get(name) ?? new Map(), noPublisherAfterSeconds, nowMs),
    );
    if (++looked % stride === 0 && turns.due) await turns.next();
  }
  return { topics: surveyed, missing };
}

function survey(
  name: string,
  topics: Topics,
  holders: Map<Shard, TopicHolders>,
  noPublisherAfterSeconds: number,
  nowMs: number,
): SurveyedTopic {
  const topic = topics.find(name);
  const sum = (of: (each: TopicHolders) => number) =>
    [...holders.values()].reduce((total, each) => total + of(each), 0);
  const subscribers = sum((each) => each.subscribers);
  const deadSubscribers = sum((each) => each.deadSubscribers);
  const lastMessageAtMs = topic?.lastMessageAtMs ?? null;
  const heldSinceMs = Math.min(nowMs, ...[...holders.values()].map(({ openedAtMs }) => openedAtMs));
  const silentSeconds = (nowMs - (lastMessageAtMs ?? heldSinceMs)) / 1_000;
  const reasons: InvalidSubscription[] = [];
  if (subscribers > 0) {
    if (!topics.covers(name)) reasons.push("no_such_topic");
    else if (silentSeconds > noPublisherAfterSeconds) reasons.push("no_publisher");
    if (deadSubscribers > 0) reasons.push("dead_owner");
  }
  const row: TopicRow = {
    topic: name,
    subscribers,
    pattern_subscribers: sum((each) => each.patternSubscribers),
    dead_subscribers: deadSubscribers,
    messages_per_second: topic?.received.perSecond(nowMs) ?? 0,
    deliveries_per_second: sum((each) => each.deliveriesPerSecond),
    seq: topic?.seq ?? 0,
    last_message_at_ms: lastMessageAtMs,
    age_seconds: lastMessageAtMs === null ? null : Math.max(0, nowMs - lastMessageAtMs) / 1_000,
    history_messages: topic?.history.messages ?? 0,
    invalid: reasons[0] ?? null,
  };
  return { row, reasons, holders };
}
