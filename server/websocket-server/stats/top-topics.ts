import type { Stats } from "../../../lib/contract/service-api";
import type { Topics } from "../topics/topics";

const shown = 20;

/** The busiest topics by deliveries, then by subscribers, and the rest in one figure. */
export function rankTopics(
  topics: Topics,
  nowMs: number,
): Pick<Stats["subscriptions"], "top_topics" | "other_deliveries_per_second"> {
  const all = [];
  for (const topic of topics.values()) {
    const deliveries_per_second = topic.deliveries.perSecond(nowMs);
    if (topic.subscribers.size > 0 || deliveries_per_second > 0) {
      all.push({ topic: topic.name, subscribers: topic.subscribers.size, deliveries_per_second });
    }
  }
  all.sort(
    (a, b) =>
      b.deliveries_per_second - a.deliveries_per_second ||
      b.subscribers - a.subscribers ||
      a.topic.localeCompare(b.topic),
  );
  const rest = all.slice(shown);
  return {
    top_topics: all.slice(0, shown),
    other_deliveries_per_second: rest.reduce((sum, topic) => sum + topic.deliveries_per_second, 0),
  };
}
