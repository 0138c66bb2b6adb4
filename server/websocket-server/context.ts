import type { Logger } from "../process/logger";
import type { CacheBackend } from "./cache/cache-state";
import type { ConfigControl } from "./config/control";
import type { Settings } from "./config/schema";
import type { ConfigStore } from "./config/store";
import type { Counters } from "./counters";
import type { Jobs } from "./jobs/jobs";
import type { LameDuck } from "./lame-duck";
import type { Log } from "./logging/log";
import type { Front } from "./shards/front";
import type { ServiceProcess } from "./shards/service-process";
import type { Shard } from "./shards/shard";
import type { Sources } from "./sources/sources";
import type { Certificates } from "./tls/certificates";
import type { Sequencer } from "./topics/sequencer";
import type { Topics } from "./topics/topics";

/** The parts of a running service, as the HTTP side looks at them. */
export interface ServiceContext {
  readonly serverId: string;
  /** New at each start. */
  readonly instanceId: string;
  readonly startedAtMs: number;
  /** The same on the monotonic clock. */
  readonly startedAt: number;
  readonly config: ConfigStore;
  readonly configControl: ConfigControl;
  readonly settings: () => Settings;
  /** Of this process; those of connections are the shards'. */
  readonly counters: Counters;
  readonly cache: CacheBackend;
  readonly sequencer: Sequencer;
  readonly topics: Topics;
  readonly sources: Sources;
  readonly log: Log;
  readonly logger: Logger;
  readonly jobs: Jobs;
  /** Everything that holds connections. */
  readonly shards: () => readonly Shard[];
  /** Every process of the service. */
  readonly processes: () => readonly ServiceProcess[];
  readonly lameDuck: LameDuck;
  /** Where it listens. */
  readonly ports: () => { websocket: number; admin: number };
  /** Null when the listeners don't speak TLS. */
  readonly tls: Certificates | null;
  readonly front: Pick<Front, "endedProcesses" | "unavailable" | "restarts" | "refusals">;
  readonly draining: () => boolean;
}
