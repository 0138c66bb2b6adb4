import type { Stats } from "../../../lib/contract/service-api";
import type { ShardFigures } from "./shard-figures";

const shown = 20;

/** The busiest topics of all shards by deliveries, then by subscribers, and the rest in one figure. */
export function rankTopics(
  shards: readonly ShardFigures[],
): Pick<Stats["subscriptions"], "top_topics" | "other_deliveries_per_second" | "subscribed_topics"> {
  const byName = new Map<string, Stats["subscriptions"]["top_topics"][number]>();
  for (const { topics } of shards) {
    for (const { topic, subscribers, deliveriesPerSecond } of topics) {
      const sums = byName.get(topic) ?? { topic, subscribers: 0, deliveries_per_second: 0 };
      sums.subscribers += subscribers;
      sums.deliveries_per_second += deliveriesPerSecond;
      byName.set(topic, sums);
    }
  }
  const all = [...byName.values()].sort(
    (a, b) =>
      b.deliveries_per_second - a.deliveries_per_second ||
      b.subscribers - a.subscribers ||
      a.topic.localeCompare(b.topic),
  );
  const rest = all.slice(shown);
  return {
    subscribed_topics: all.filter((topic) => topic.subscribers > 0).length,
    top_topics: all.slice(0, shown),
    other_deliveries_per_second: rest.reduce((sum, topic) => sum + topic.deliveries_per_second, 0),
  };
}
