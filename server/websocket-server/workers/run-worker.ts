import { Socket } from "node:net";
import type { LogLevel } from "../../process/logger";
import type { Settings } from "../config/schema";
import { setSnapshotDataDir } from "../heap-snapshots/signal";
import { EventLoopMonitor } from "../host/event-loop";
import { GarbageCollection } from "../host/gc";
import { type ConnectionSide, createConnectionSide } from "../shards/connection-side";
import { createLocalProcess } from "../shards/local-process";
import { createFeeds } from "../sources/create-feeds";
import { readProcessFigures } from "../stats/process-figures";
import { readShardCounts } from "../stats/shard-figures";
import { createReplica } from "../topics/replica";
import type { Beat, WorkerStart, WorkerTarget } from "./messages";
import { Peer } from "./peer";
import { WorkerLimits } from "./worker-limits";
import { WorkerLog } from "./worker-log";
import { channelDescriptor } from "./worker-process";
import { WorkerSequencer } from "./worker-sequencer";

const beatEveryMs = 1_000;
/** Log entries are held back above so many bytes on their way. */
const largestLogBacklogBytes = 1_048_576;

/** What a program was forked as, by its first argument: `worker-1` and so on; null for the main process. */
export function workerName(argument: string | undefined): string | null {
  return argument !== undefined && /^worker-[1-9]\d?$/.test(argument) ? argument : null;
}

/** A worker, as the main process forked it: holds connections until that one says otherwise or is gone. */
export function runWorker(worker: string): void {
  process.title = `${worker} of websocket-server`;
  // They reach a whole process group; the main process leads.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
  const main = new Peer("main", new Socket({ fd: channelDescriptor, readable: true, writable: true }));
  let leaveNow: () => void = () => process.exit(0);
  // From the first moment: the main process may be gone before it has said anything.
  process.on("disconnect", () => leaveNow());
  if (!process.connected) leaveNow();
  void main.closed.then(() => leaveNow());
  const target: Pick<WorkerTarget, "start"> = {
    start(start) {
      const side = serve(main, start);
      leaveNow = () => leave(side);
    },
  };
  main.expose("worker", target);
}

function serve(main: Peer, start: WorkerStart): ConnectionSide {
  const { worker, serverId, epoch } = start;
  let { settings, draining } = start;
  setSnapshotDataDir(settings.data_dir, worker);
  const log = new WorkerLog(
    worker,
    () => settings["logging.level"].toUpperCase() as LogLevel,
    (entries) => {
      if (main.backlogBytes > largestLogBacklogBytes) return false;
      main.tell("main", "log", entries);
      return true;
    },
  );
  const feeds = createFeeds(settings);
  const replica = createReplica({
    settings: () => settings,
    epoch,
    fedBySource: (name) => feeds.some((feed) => feed.covers(name)),
  });
  const sequencer = new WorkerSequencer(main, epoch);
  const side = createConnectionSide({
    worker,
    settings: () => settings,
    logger: log.logger,
    replica,
    sequencer,
    limits: new WorkerLimits(main),
    serverId: () => serverId,
    tls: start.tls,
    draining: () => draining,
  });
  const eventLoop = new EventLoopMonitor();
  const gc = new GarbageCollection();
  let socketsEnded = 0;
  const beat = () => {
    const figures: Beat = {
      counts: readShardCounts(side.parts),
      process: readProcessFigures(worker, eventLoop, gc),
      socketsEnded,
    };
    main.tell("main", "beat", figures);
  };

  const target: WorkerTarget = {
    start: () => {},
    settings(next: Settings) {
      settings = next;
    },
    draining(now) {
      draining = now;
    },
    renewTls: side.renewTls,
    end() {
      log.flush();
      beat();
    },
  };
  main.expose("worker", target);
  main.expose("shard", side.shard);
  main.expose("process", createLocalProcess(worker, eventLoop, gc));
  void sequencer.start(
    (messages) => replica.topics.apply(messages),
    (notice) => replica.topics.heed(notice),
  );

  process.on("message", (_message, socket) => {
    process.send?.("taken");
    // None when it ended on the way.
    if (!(socket instanceof Socket)) {
      socketsEnded++;
      return;
    }
    socket.once("close", () => socketsEnded++);
    side.listener.emit("connection", socket);
  });

  eventLoop.start();
  side.start();
  beat();
  setInterval(beat, beatEveryMs);
  main.tell("main", "ready");
  return side;
}

/** The main process is gone or wants no more: clients that are left are told so, as far as that takes no time. */
function leave({ parts: { connections } }: ConnectionSide): void {
  for (const connection of connections.values()) {
    connection.send({ op: "goodbye", code: 1001, reason: "shutting down", retry_after_ms: 1_000 });
    connection.close(1001, "shutting down");
  }
  process.exit(0);
}
