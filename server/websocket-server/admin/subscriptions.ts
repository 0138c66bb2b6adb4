import type { serviceRoutes } from "../../../lib/contract/routes";
import type {
  CleanupSubscriptionsRequest,
  CleanupSubscriptionsResult,
  InvalidSubscription,
} from "../../../lib/contract/service-api";
import type { Shard } from "../shards/shard";
import { sortInTurns } from "../shards/sort-in-turns";
import { compareKeys } from "../shards/sort-keys";
import type { SubscriptionsEnd } from "../shards/topic-holders";
import { defaultNoPublisherAfterSeconds, type SurveyedTopic, surveyTopics } from "../stats/topic-survey";
import { Turns } from "../turns";
import { readCursor } from "./cursor";
import type { Handler } from "./handler";
import { tellMissing } from "./missing-workers";

type Routes = typeof serviceRoutes;

const defaultLimit = 200;
const mostTopicsNamed = 200;

export const subscriptions: Handler<Routes["subscriptions"]> = async ({ service, query, http }) => {
  const { q, subscribed, invalid, sort = "topic", order, limit = defaultLimit } = query;
  const offset = readCursor(query.cursor);
  const { topics, missing } = await surveyTopics(
    service.topics,
    service.shards(),
    defaultNoPublisherAfterSeconds,
  );
  tellMissing(http, missing);
  const rows = topics
    .map(({ row }) => row)
    .filter(
      (row) =>
        (q === undefined || row.topic.includes(q)) &&
        (subscribed === undefined || row.subscribers > 0 === (subscribed === "true")) &&
        (invalid === undefined || (row.invalid !== null) === (invalid === "true")),
    );
  const compare = compareKeys(order);
  const sorted = await sortInTurns(
    rows,
    (a, b) => compare(a[sort], b[sort]) || (a.topic < b.topic ? -1 : 1),
    new Turns(),
  );
  const end = offset + limit;
  return {
    now_ms: Date.now(),
    no_publisher_after_seconds: defaultNoPublisherAfterSeconds,
    total: rows.length,
    next_cursor: end < rows.length ? String(end) : null,
    topics: sorted.slice(offset, end),
  };
};

export const cleanupSubscriptions: Handler<Routes["cleanupSubscriptions"]> = async ({
  service,
  body,
  http,
}) => {
  const request = body ?? {};
  const after = request.no_publisher_after_seconds ?? defaultNoPublisherAfterSeconds;
  const { topics, missing } = await surveyTopics(service.topics, service.shards(), after);
  tellMissing(http, missing);
  const chosen = choose(topics, request);
  const candidates = { total: 0, no_such_topic: 0, no_publisher: 0, dead_owner: 0 };
  for (const { why, subscriptions: count } of chosen) {
    candidates.total += count;
    candidates[why] += count;
  }
  const dryRun = request.dry_run === true;
  const result: CleanupSubscriptionsResult = {
    dry_run: dryRun,
    candidates,
    cleared: dryRun ? 0 : await clear(chosen),
    topics: chosen.slice(0, mostTopicsNamed).map(({ surveyed: { row }, subscriptions: count, why }) => ({
      topic: row.topic,
      subscriptions: count,
      why,
    })),
  };
  if (!dryRun) service.logger.info("subscriptions cleaned up", { cleared: result.cleared });
  return result;
};

interface Chosen {
  surveyed: SurveyedTopic;
  why: InvalidSubscription;
  /** How many end. */
  subscriptions: number;
}

function choose(all: readonly SurveyedTopic[], request: CleanupSubscriptionsRequest): Chosen[] {
  const { kinds, topic, max = Number.POSITIVE_INFINITY } = request;
  const byName = [...all].sort((a, b) => (a.row.topic < b.row.topic ? -1 : 1));
  const chosen: Chosen[] = [];
  let left = max;
  for (const surveyed of byName) {
    const { row, reasons } = surveyed;
    const why = reasons.find((reason) => kinds === undefined || kinds.includes(reason));
    if (why === undefined || (topic !== undefined && row.topic !== topic) || left === 0) continue;
    const ending = Math.min(left, why === "dead_owner" ? row.dead_subscribers : row.subscribers);
    left -= ending;
    chosen.push({ surveyed, why, subscriptions: ending });
  }
  return chosen;
}

/** Answers how many were ended: fewer than chosen when some left by themselves meanwhile. */
async function clear(chosen: readonly Chosen[]): Promise<number> {
  const byShard = new Map<Shard, SubscriptionsEnd[]>();
  for (const { surveyed, why, subscriptions: count } of chosen) {
    const onlyDead = why === "dead_owner";
    let left = count;
    for (const [shard, holders] of surveyed.holders) {
      const most = Math.min(left, onlyDead ? holders.deadSubscribers : holders.subscribers);
      if (most === 0) continue;
      left -= most;
      const ends = byShard.get(shard) ?? [];
      ends.push({ topic: surveyed.row.topic, onlyDead, most });
      byShard.set(shard, ends);
    }
  }
  const cleared = await Promise.all([...byShard].map(([shard, ends]) => shard.endSubscriptions(ends)));
  return cleared.reduce((sum, each) => sum + each, 0);
}
