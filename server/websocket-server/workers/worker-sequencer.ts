import { CodedError, isCodedError } from "../../../lib/errors";
import type { Forgettable, SequencedMessage, Sequencer, TopicsNotice } from "../topics/sequencer";
import { feedTarget } from "./feed";
import type { Peer } from "./peer";

/** Of messages that wait for their place at most; only a main process that hangs lets them become so many. */
const mostWaiting = 10_000;
const mostWaitingCharacters = 33_554_432;

/** Asks the main process for places. What it has placed comes as the feed. */
export class WorkerSequencer implements Sequencer {
  readonly #main: Peer;
  #epoch: string;
  publishedTotal = 0;
  #waiting = 0;
  #waitingCharacters = 0;

  constructor(main: Peer, epoch: string) {
    this.#main = main;
    this.#epoch = epoch;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Only the main process knows numbers of topics that are not held. */
  numberOf(): number {
    return 0;
  }

  async publish(topic: string, data: string): Promise<{ epoch: string; seq: number }> {
    // One that is longer than all that may wait goes through when nothing does.
    const full = this.#waiting > 0 && this.#waitingCharacters + data.length > mostWaitingCharacters;
    if (full || this.#waiting >= mostWaiting) {
      throw unavailable("too many messages wait for the main process");
    }
    this.#waiting++;
    this.#waitingCharacters += data.length;
    try {
      // Whether a message that was not answered in time got a place is not known, so it is waited for.
      const placed = await this.#main.call("main", "publish", [topic, data], Number.POSITIVE_INFINITY);
      this.publishedTotal++;
      return placed as { epoch: string; seq: number };
    } catch (error) {
      if (isCodedError(error) && error.code === "WORKER_UNAVAILABLE") throw unavailable(error.message);
      throw error;
    } finally {
      this.#waiting--;
      this.#waitingCharacters -= data.length;
    }
  }

  async forget(topics: readonly Forgettable[] | null): Promise<void> {
    await this.#main.call("main", "forget", [topics]);
  }

  async start(
    onMessages: (messages: readonly SequencedMessage[]) => void,
    onNotice: (notice: TopicsNotice) => void,
  ): Promise<void> {
    const heed = (notice: TopicsNotice) => {
      if (notice.kind === "epoch") this.#epoch = notice.epoch;
      onNotice(notice);
    };
    this.#main.expose("feed", feedTarget(onMessages, heed));
  }

  async stop(): Promise<void> {
    this.#main.expose("feed", {});
  }
}

function unavailable(message: string): CodedError {
  return new CodedError("CACHE_UNAVAILABLE", message);
}
