import type { ConnectionDetail } from "../../../lib/contract/service-api";
import type { Connection } from "./connection";

const topicsShown = 1_000;

/** One connection with its topics and what happened to it. */
export function describeConnection(
  connection: Connection,
  worker: string,
  heartbeatTimeoutSeconds: number,
): ConnectionDetail {
  const topics = [...connection.subscriptions.values()]
    .sort((a, b) => (a.topic.name < b.topic.name ? -1 : 1))
    .slice(0, topicsShown);
  return {
    ...connection.row(Date.now(), performance.now(), heartbeatTimeoutSeconds),
    worker,
    origin: connection.origin,
    tls: connection.tls,
    queued_messages: connection.outbound.messages,
    topics: topics.map(({ topic, exact }) => ({
      topic: topic.name,
      pattern: exact ? null : patternOf(connection, topic.name),
      seq: topic.seq,
    })),
    events: connection.events(),
  };
}

/** The first of its patterns that covers the topic. */
function patternOf(connection: Connection, name: string): string | null {
  for (const pattern of connection.patterns?.values() ?? [])
    if (pattern.glob.matches(name)) return pattern.text;
  return null;
}
