import type { LogFields, LogLevel } from "../../process/logger";
import type { Settings } from "../config/schema";
import type { Refusal } from "../connections/refuse";
import type { ProcessFigures } from "../stats/process-figures";
import type { ShardCounts } from "../stats/shard-figures";
import type { ServedTls } from "../tls/served-tls";
import type { Forgettable } from "../topics/sequencer";

/** What a worker is told first. */
export interface WorkerStart {
  worker: string;
  serverId: string;
  settings: Settings;
  epoch: string;
  draining: boolean;
  /** The certificate of new connections; null without TLS. */
  tls: ServedTls | null;
}

/** What a worker tells of itself once a second, so that it is known should it end without a word. */
export interface Beat {
  counts: ShardCounts;
  process: ProcessFigures;
  /** Sockets that were handed to it and have ended since it began. */
  socketsEnded: number;
}

/** One event of a worker; the main process gives it its time, so that the log is in order. */
export type LogEntry = [level: LogLevel, message: string, fields: LogFields];

/** What the main process lets workers call, whichever it is that calls. */
export interface SharedTarget {
  publish(topic: string, data: string): Promise<{ epoch: string; seq: number }>;
  forget(topics: readonly Forgettable[] | null): Promise<void>;
  log(entries: LogEntry[]): void;
}

/** What it lets one worker call. */
export interface MainTarget extends SharedTarget {
  ready(): void;
  beat(beat: Beat): void;
  /** Takes a place for a connection, unless a limit is reached. */
  reserve(ip: string): Promise<Refusal | null>;
  release(ip: string): void;
}

/** What a worker lets the main process call besides its shard and its process. */
export interface WorkerTarget {
  start(start: WorkerStart): void;
  settings(settings: Settings): void;
  draining(draining: boolean): void;
  renewTls(tls: ServedTls): void;
  /** Resolves once everything said before it has been said. */
  end(): void;
}
