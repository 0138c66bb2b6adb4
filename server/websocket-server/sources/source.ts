import type { DataSource as SourceStatus } from "../../../lib/contract/service-api";

export type Publish = (topic: string, data: unknown) => void;

/** Something that feeds topics. */
export interface DataSource {
  readonly name: string;
  /** Whether it feeds a topic of this name, now or later. */
  covers(topic: string): boolean;
  start(publish: Publish): void;
  stop(): void;
  status(nowMs: number): SourceStatus;
}
