import type { Cache, FlushCacheRequest } from "../../../lib/contract/service-api";
import type { Topic } from "../topics/topic";
import type { Topics } from "../topics/topics";

const oldestShown = 20;

/** A topic that has a last value. */
export interface CachedTopic {
  topic: string;
  seq: number;
  ageSeconds: number;
  bytes: number;
  historyMessages: number;
}

/** What is kept of the topics, and how old it is. */
export function surveyCache(topics: Topics, staleAfterSeconds: number, nowMs: number) {
  let stale = 0;
  const oldest: CachedTopic[] = [];
  for (const entry of cachedTopics(topics, nowMs)) {
    if (entry.ageSeconds > staleAfterSeconds) stale++;
    if (oldest.length === oldestShown && entry.ageSeconds <= (oldest.at(-1)?.ageSeconds ?? 0)) continue;
    const place = oldest.findIndex(({ ageSeconds }) => ageSeconds < entry.ageSeconds);
    oldest.splice(place < 0 ? oldest.length : place, 0, entry);
    if (oldest.length > oldestShown) oldest.pop();
  }
  return {
    entries: topics.cachedEntries,
    bytes: topics.cachedBytes,
    history_messages: topics.history.messages,
    history_bytes: topics.history.bytes,
    stale_entries: stale,
    stale_after_seconds: staleAfterSeconds,
    oldest: oldest.map(({ topic, seq, ageSeconds, bytes }) => ({
      topic,
      seq,
      age_seconds: ageSeconds,
      bytes,
    })),
  } satisfies Partial<Cache>;
}

/** Those that a flush would take. */
export function selectForFlush(
  topics: Topics,
  { topic, stale_only }: FlushCacheRequest,
  staleAfterSeconds: number,
  nowMs: number,
): CachedTopic[] {
  return [...cachedTopics(topics, nowMs)].filter(
    (entry) =>
      (topic === undefined || entry.topic === topic) &&
      (stale_only !== true || entry.ageSeconds > staleAfterSeconds),
  );
}

function* cachedTopics(topics: Topics, nowMs: number): Generator<CachedTopic> {
  for (const topic of topics.values()) {
    if (topic.last === null) continue;
    yield {
      topic: topic.name,
      seq: topic.seq,
      ageSeconds: ageSeconds(topic, nowMs),
      bytes: topic.last.bytes,
      historyMessages: topic.history.messages,
    };
  }
}

function ageSeconds(topic: Topic, nowMs: number): number {
  return Math.max(0, nowMs - (topic.lastMessageAtMs ?? nowMs)) / 1_000;
}
