import type { GcResult, GcStats, Threads } from "../../../lib/contract/service-api";
import type { Written } from "../heap-snapshots/write";
import type { OwnDescriptors } from "../host/descriptors";
import type { ProcessFigures } from "../stats/process-figures";

/** One process of the service with its isolate. Arguments and results cross process borders. */
export interface ServiceProcess {
  readonly worker: string;
  readonly pid: number;
  figures(): Promise<ProcessFigures>;
  threads(): Promise<Pick<Threads, "threads" | "reason">>;
  gcStats(): Promise<GcStats>;
  forceGc(): Promise<GcResult>;
  descriptors(): Promise<OwnDescriptors>;
  /** Bytes that its next heap snapshot takes at most. */
  snapshotNeeds(): Promise<number>;
  /** The process stands still until it is written. */
  writeHeapSnapshot(folder: string): Promise<Written>;
}
