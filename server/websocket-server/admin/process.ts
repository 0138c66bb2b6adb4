import type { serviceRoutes } from "../../../lib/contract/routes";
import { readThreads } from "../host/threads";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

export const gcStats: Handler<Routes["gcStats"]> = ({ service }) => service.gc.stats();

export const forceGc: Handler<Routes["forceGc"]> = async ({ service }) => {
  const result = await service.gc.force();
  service.logger.info("gc forced", {
    freed_bytes: result.freed_bytes,
    pause_ms: Math.round(result.pause_ms),
  });
  return result;
};

export const threads: Handler<Routes["threads"]> = async ({ service }) => {
  const { newest } = service.eventLoop;
  const main = {
    worker: "main",
    pid: process.pid,
    connections: service.connections.size,
    delay_p50_ms: newest.delayP50Ms,
    delay_p99_ms: newest.delayP99Ms,
    delay_max_ms: newest.delayMaxMs,
    utilization: newest.utilization,
  };
  return { ...(await readThreads()), event_loops: [main] };
};
