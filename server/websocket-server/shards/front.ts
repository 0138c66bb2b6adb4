import type { Stats } from "../../../lib/contract/service-api";
import type { ListeningAt } from "../listen";
import type { ProcessFigures } from "../stats/process-figures";
import type { ShardFigures } from "../stats/shard-figures";
import type { ServedTls } from "../tls/served-tls";
import type { Replica } from "../topics/replica";
import type { SequencedMessage, TopicsNotice } from "../topics/sequencer";
import type { ServiceProcess } from "./service-process";
import type { Shard } from "./shard";

/** What takes and holds the connections of a service: its own process, or workers. */
export interface Front {
  /** The topics of this process. */
  readonly replica: Replica;
  readonly shards: () => readonly Shard[];
  /** Processes besides this one that run. */
  readonly processes: () => readonly ServiceProcess[];
  /** Figures without waiting for an answer: of other processes what they told last. */
  lastFigures(): { shards: ShardFigures[]; processes: ProcessFigures[] };
  /** What is left of workers that don't run at the moment: their times still count. */
  endedProcesses(): ProcessFigures[];
  /** Workers that don't serve at the moment. */
  unavailable(): Stats["server"]["unavailable_workers"];
  /** Workers that were started again since the start. */
  restarts(): number;
  /** Sockets that were ended before a shard had them, by reason. */
  refusals(): ShardFigures["refusedByReason"];
  /** What the sequencer has placed. */
  apply(messages: readonly SequencedMessage[]): void;
  /** What it tells besides, in order with that. */
  heed(notice: TopicsNotice): void;
  startEpoch(epoch: string): void;
  /** Throws `ListenFailed`. */
  listen(): Promise<ListeningAt>;
  start(): Promise<void>;
  /** Serves new connections with this certificate. */
  renewTls(tls: ServedTls): void;
  /** Lets each worker write a heap snapshot, one after the other: a process that writes one serves nobody. */
  snapshotWorkers(): Promise<void>;
  /** Takes no new connections and ends those there are within the time limit. */
  drain(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}
