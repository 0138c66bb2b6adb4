import { closeServer, listen } from "../listen";
import { readShardFigures } from "../stats/shard-figures";
import { type ConnectionSideOptions, createConnectionSide } from "./connection-side";
import type { Front } from "./front";

/** All connections in this very process. */
export function createLocalFront(options: Omit<ConnectionSideOptions, "worker">): Front {
  const side = createConnectionSide({ ...options, worker: "main" });
  const { listener, shard, parts } = side;
  const { settings, replica } = options;
  const shards = [shard];
  return {
    replica,
    shards: () => shards,
    processes: () => [],
    lastFigures: () => ({ shards: [readShardFigures(parts)], processes: [] }),
    endedProcesses: () => [],
    unavailable: () => [],
    restarts: () => 0,
    refusals: () => [],
    apply: (messages) => replica.topics.apply(messages),
    heed: (notice) => replica.topics.heed(notice),
    startEpoch: (epoch) => replica.topics.startEpoch(epoch),
    listen: () => listen(listener, settings().host, settings().port, "WEBSOCKET_PORT"),
    start: async () => side.start(),
    renewTls: side.renewTls,
    snapshotWorkers: async () => {},
    async drain(timeoutMs) {
      if (listener.listening) listener.close();
      await shard.sayGoodbye(timeoutMs);
    },
    async close() {
      side.stop();
      await closeServer(listener);
    },
  };
}
