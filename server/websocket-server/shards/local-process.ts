import { neededBytes, writeSnapshot } from "../heap-snapshots/write";
import { readDescriptors } from "../host/descriptors";
import type { EventLoopMonitor } from "../host/event-loop";
import type { GarbageCollection } from "../host/gc";
import { readThreads } from "../host/threads";
import { readProcessFigures } from "../stats/process-figures";
import type { ServiceProcess } from "./service-process";

/** This very process. */
export function createLocalProcess(
  worker: string,
  eventLoop: EventLoopMonitor,
  gc: GarbageCollection,
): ServiceProcess {
  return {
    worker,
    pid: process.pid,
    figures: async () => readProcessFigures(worker, eventLoop, gc),
    threads: () => readThreads(),
    gcStats: async () => gc.stats(),
    forceGc: () => gc.force(worker),
    descriptors: () => readDescriptors(worker),
    snapshotNeeds: async () => neededBytes(),
    writeHeapSnapshot: async (folder) => writeSnapshot(folder, worker),
  };
}
