/** A message with its place: `seq` grows by one per topic within an epoch. */
export interface SequencedMessage {
  epoch: string;
  topic: string;
  seq: number;
  /** Epoch milliseconds: the `ts` that clients see. */
  atMs: number;
  /** JSON text. */
  data: string;
  /**
   * When this machine accepted it, in epoch milliseconds with a fraction, for the push latency; null for a
   * message of the past that is only kept.
   */
  acceptedAtMs: number | null;
}

/** What happens to topics besides messages; stands in order with them. */
export type TopicsNotice =
  /** Numbers begin anew. */
  | { kind: "epoch"; epoch: string }
  /** Last values and histories go, numbers go on; null for all topics. */
  | { kind: "forget"; topics: string[] | null };

/** A topic whose last value is to be forgotten, unless it has got a newer one than `seq` in the meantime. */
export interface Forgettable {
  topic: string;
  seq: number;
}

/**
 * Gives messages their place. What it has placed comes to every instance and worker that shares it, in order,
 * through `onMessages`; the topics are made of nothing else.
 */
export interface Sequencer {
  readonly epoch: string;
  /** Messages that got their place because this instance asked for it: over all instances, each counts once. */
  readonly publishedTotal: number;
  /** The topic's newest number as far as `onMessages` has told; 0 where it is not known. */
  numberOf(topic: string): number;
  /**
   * `data` is JSON text. Resolves with the place that the message got. Throws CodedError CACHE_UNAVAILABLE when
   * no place can be given now, or when `source` names a data source that another instance runs.
   */
  publish(topic: string, data: string, source?: string): Promise<{ epoch: string; seq: number }>;
  /** Forgets last values and histories everywhere; null for those of all topics. Throws like `publish`. */
  forget(topics: readonly Forgettable[] | null): Promise<void>;
  /** Begins with what is kept of the past; a message with another epoch than the one before starts all topics anew. */
  start(
    onMessages: (messages: readonly SequencedMessage[]) => void,
    onNotice: (notice: TopicsNotice) => void,
  ): Promise<void>;
  stop(): Promise<void>;
}
