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
  /** Whole microseconds: their sum is the same in whatever order the processes stand, so that it never goes back. */
  cpu: { userMicros: number; systemMicros: number };
  eventLoop: EventLoopReading;
  gc: { count: number; micros: number };
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
    cpu: { userMicros: cpu.user, systemMicros: cpu.system },
    eventLoop: eventLoop.newest,
    gc: { count: gc.count, micros: Math.round(gc.pauseMs * 1_000) },
  };
}
