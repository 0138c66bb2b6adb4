import type { serviceRoutes } from "../../../lib/contract/routes";
import { selectForFlush, surveyCache } from "../cache/survey-cache";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const cache: Handler<Routes["cache"]> = async ({ service }) => {
  const { topics, settings } = service;
  const { backend, state } = service.cache.state();
  const [redis, figures] = await Promise.all([
    service.cache.redisFigures(),
    Promise.all(service.shards().map((shard) => shard.figures())),
  ]);
  return {
    backend,
    state,
    ...surveyCache(topics, settings()["cache.stale_after"], Date.now()),
    hits_total: figures.reduce((sum, { cacheHits }) => sum + cacheHits, 0),
    misses_total: figures.reduce((sum, { cacheMisses }) => sum + cacheMisses, 0),
    redis,
  };
};

export const flushCache: Handler<Routes["flushCache"]> = async ({ service, body }) => {
  const request = body ?? {};
  const staleAfter = service.settings()["cache.stale_after"];
  const chosen = selectForFlush(service.topics, request, staleAfter, Date.now());
  const sum = (of: (entry: (typeof chosen)[number]) => number) =>
    chosen.reduce((total, entry) => total + of(entry), 0);
  const result = {
    dry_run: request.dry_run === true,
    entries: chosen.length,
    bytes: sum(({ bytes }) => bytes),
    history_messages: sum(({ historyMessages }) => historyMessages),
  };
  if (result.dry_run) return result;
  const all = request.topic === undefined && request.stale_only !== true;
  await service.sequencer.forget(all ? null : chosen.map(({ topic, seq }) => ({ topic, seq })));
  service.logger.info("cache flushed", { entries: result.entries, topic: request.topic ?? null, all });
  return result;
};
