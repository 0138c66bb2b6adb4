import type { serviceRoutes } from "../../../lib/contract/routes";
import { mergeGcResults, mergeGcStats } from "../host/merge-gc";
import { askAll } from "../shards/ask-all";
import type { Handler } from "./handler";
import { tellMissing } from "./missing-workers";

type Routes = typeof serviceRoutes;

export const gcStats: Handler<Routes["gcStats"]> = async ({ service, http }) => {
  const { answers, missing } = await askAll(service.processes(), (each) => each.gcStats());
  tellMissing(http, missing);
  return mergeGcStats(answers.map(({ answer }) => answer));
};

export const forceGc: Handler<Routes["forceGc"]> = async ({ service, http }) => {
  const { answers, missing } = await askAll(service.processes(), (each) => each.forceGc());
  tellMissing(http, missing);
  const result = mergeGcResults(answers.map(({ answer }) => answer));
  service.logger.info("gc forced", {
    freed_bytes: result.freed_bytes,
    pause_ms: Math.round(result.pause_ms),
  });
  return result;
};

export const threads: Handler<Routes["threads"]> = async ({ service }) => {
  const processes = service.processes();
  const [parts, figures, shards] = await Promise.all([
    Promise.all(processes.map((each) => each.threads())),
    Promise.all(processes.map((each) => each.figures())),
    Promise.all(service.shards().map((shard) => shard.figures())),
  ]);
  const told = parts.flatMap((part) => part.threads ?? []);
  return {
    threads: told.length > 0 ? told : null,
    reason: parts.find((part) => part.reason !== null)?.reason ?? null,
    event_loops: figures.map(({ worker, pid, eventLoop }) => ({
      worker,
      pid,
      connections: shards.find((shard) => shard.worker === worker)?.active ?? 0,
      delay_p50_ms: eventLoop.delayP50Ms,
      delay_p99_ms: eventLoop.delayP99Ms,
      delay_max_ms: eventLoop.delayMaxMs,
      utilization: eventLoop.utilization,
    })),
  };
};
