import type { Connections } from "../connections/connections";
import type { Subscriptions } from "../topics/subscriptions";
import type { Subscriber } from "../topics/topic";
import type { Topics } from "../topics/topics";

/** Who holds a topic in one shard. */
export interface TopicHolders {
  topic: string;
  /** When it was first held here or got its first message, whichever came first. */
  openedAtMs: number;
  subscribers: number;
  /** Of these, through a pattern. */
  patternSubscribers: number;
  /** Of these, whose connection has stopped answering. */
  deadSubscribers: number;
  deliveriesPerSecond: number;
}

/** Which subscriptions to a topic end. */
export interface SubscriptionsEnd {
  topic: string;
  /** Only those whose connection has stopped answering. */
  onlyDead: boolean;
  most: number;
}

export function readTopicHolders(
  topics: Topics,
  connections: Connections,
  heartbeatTimeoutSeconds: number,
): TopicHolders[] {
  const deadSubscribers = new Map<string, number>();
  for (const connection of deadConnections(connections, heartbeatTimeoutSeconds)) {
    for (const name of connection.subscriptions.keys()) {
      deadSubscribers.set(name, (deadSubscribers.get(name) ?? 0) + 1);
    }
  }
  const nowMs = Date.now();
  const holders: TopicHolders[] = [];
  for (const { name, openedAtMs, subscribers, patternSubscribers, deliveries } of topics.values()) {
    const deliveriesPerSecond = deliveries.perSecond(nowMs);
    if (subscribers.size === 0 && deliveriesPerSecond === 0) continue;
    holders.push({
      topic: name,
      openedAtMs,
      subscribers: subscribers.size,
      patternSubscribers,
      deadSubscribers: deadSubscribers.get(name) ?? 0,
      deliveriesPerSecond,
    });
  }
  return holders;
}

export function endSubscriptions(
  ends: readonly SubscriptionsEnd[],
  {
    topics,
    connections,
    subscriptions,
  }: { topics: Topics; connections: Connections; subscriptions: Subscriptions },
  heartbeatTimeoutSeconds: number,
): number {
  const dead = new Set<Subscriber>(deadConnections(connections, heartbeatTimeoutSeconds));
  let ended = 0;
  for (const { topic, onlyDead, most } of ends) {
    const chosen = [...(topics.find(topic)?.subscribers ?? [])]
      .filter((subscriber) => !onlyDead || dead.has(subscriber))
      .slice(0, most);
    for (const subscriber of chosen) if (subscriptions.end(subscriber, topic, "cleaned_up")) ended++;
  }
  return ended;
}

function deadConnections(connections: Connections, heartbeatTimeoutSeconds: number) {
  const now = performance.now();
  return [...connections.values()].filter(
    (connection) => connection.state(now, heartbeatTimeoutSeconds) === "half_open",
  );
}
