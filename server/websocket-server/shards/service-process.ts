import type { GcResult, GcStats, Threads } from "../../../lib/contract/service-api";
import type { ProcessFigures } from "../stats/process-figures";

/** One process of the service with its isolate. Arguments and results cross process borders. */
export interface ServiceProcess {
  readonly worker: string;
  readonly pid: number;
  figures(): Promise<ProcessFigures>;
  threads(): Promise<Pick<Threads, "threads" | "reason">>;
  gcStats(): Promise<GcStats>;
  forceGc(): Promise<GcResult>;
}
