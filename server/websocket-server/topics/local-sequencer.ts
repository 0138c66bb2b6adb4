import { randomBytes } from "node:crypto";
import type { Forgettable, SequencedMessage, Sequencer, TopicsNotice } from "./sequencer";

/** Topics of one generation; two are kept. */
const generationSize = 100_000;

/**
 * Counts within this process: a new epoch with each start. What it places reaches the topics before `publish`
 * returns. The numbers of the topics that were published to longest ago are given up, so that endless names can't
 * fill the memory; should such a topic come back, it goes on above every number ever given up.
 */
export class LocalSequencer implements Sequencer {
  readonly epoch = randomBytes(6).toString("hex");
  readonly #generationSize: number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  publishedTotal = 0;
  #highest = 0;
  #floor = 0;
  #onMessages: (messages: readonly SequencedMessage[]) => void = () => {};
  #onNotice: (notice: TopicsNotice) => void = () => {};

  constructor(topicsAGeneration = generationSize) {
    this.#generationSize = topicsAGeneration;
  }

  numberOf(topic: string): number {
    return this.#young.get(topic) ?? this.#old.get(topic) ?? 0;
  }

  publish(topic: string, data: string): Promise<{ epoch: string; seq: number }> {
    const seq = (this.numberOf(topic) || this.#floor) + 1;
    if (this.#young.size >= this.#generationSize && !this.#young.has(topic)) this.#age();
    this.#young.set(topic, seq);
    if (seq > this.#highest) this.#highest = seq;
    this.publishedTotal++;
    const { epoch } = this;
    const acceptedAtMs = performance.timeOrigin + performance.now();
    this.#onMessages([{ epoch, topic, seq, atMs: Date.now(), data, acceptedAtMs }]);
    return Promise.resolve({ epoch, seq });
  }

  forget(topics: readonly Forgettable[] | null): Promise<void> {
    this.#onNotice({ kind: "forget", topics: topics?.map(({ topic }) => topic) ?? null });
    return Promise.resolve();
  }

  start(
    onMessages: (messages: readonly SequencedMessage[]) => void,
    onNotice: (notice: TopicsNotice) => void = () => {},
  ): Promise<void> {
    this.#onMessages = onMessages;
    this.#onNotice = onNotice;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#onMessages = () => {};
    return Promise.resolve();
  }

  #age(): void {
    if (this.#old.size > 0) this.#floor = this.#highest;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
