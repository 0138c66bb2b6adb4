import { getHeapStatistics } from "node:v8";
import type { EventLoopMonitor, EventLoopReading } from "../host/event-loop";
import type { GarbageCollection } from "../host/gc";

/** What one process tells of itself. */
export interface ProcessFigures {
  worker: string;
  pid: number;
  memory: {
    rss: number;
    heapUsed: number;
    heapTotal: number;
    heapLimit: number;
    external: number;
    arrayBuffers: number;
  };
  cpu: { userSeconds: number; systemSeconds: number };
  eventLoop: EventLoopReading;
  gc: { count: number; seconds: number };
}

export function readProcessFigures(
  worker: string,
  eventLoop: EventLoopMonitor,
  gc: GarbageCollection,
): ProcessFigures {
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  const cpu = process.cpuUsage();
  return {
    worker,
    pid: process.pid,
    memory: {
      rss,
      heapUsed,
      heapTotal,
      heapLimit: getHeapStatistics().heap_size_limit,
      external,
      arrayBuffers,
    },
    cpu: { userSeconds: cpu.user / 1e6, systemSeconds: cpu.system / 1e6 },
    eventLoop: eventLoop.newest,
    gc: { count: gc.count, seconds: gc.pauseMs / 1_000 },
  };
}
