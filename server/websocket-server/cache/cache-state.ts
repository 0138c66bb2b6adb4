import type { Cache } from "../../../lib/contract/service-api";
import type { Sequencer } from "../topics/sequencer";

/** Where last values and the order of messages come from, and whether it can be used now. */
export interface CacheState {
  readonly backend: Cache["backend"];
  readonly state: Cache["state"];
  /** Why it is down. */
  readonly reason: string | null;
}

/** Which data sources this instance may run, where several share them. */
export interface SourceLeases {
  /** Whether this instance may run the source now. Asking once enters it for the lease. */
  own(source: string): boolean;
  /** `listener` runs whenever a source becomes this instance's own or ceases to be. */
  onChange(listener: (source: string, owned: boolean) => void): void;
}

export type RedisFigures = NonNullable<Cache["redis"]>;

/** What stands behind the topics. */
export interface CacheBackend {
  readonly sequencer: Sequencer;
  /** Null where every source is this instance's own. */
  readonly leases: SourceLeases | null;
  state(): CacheState;
  /** Null without Redis. */
  redisFigures(): Promise<RedisFigures | null>;
}
