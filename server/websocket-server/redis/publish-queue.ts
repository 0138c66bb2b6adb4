import { CodedError } from "../../../lib/errors";

const messagesABatch = 512;
const charactersABatch = 1_048_576;
/** Waiting for Redis at most; beyond it a message is refused rather than kept. */
const charactersWaiting = 64 * 1_048_576;

export interface Place {
  epoch: string;
  seq: number;
}

export interface WaitingMessage {
  topic: string;
  data: string;
  /** The data source that says it; only the holder of its lease may. */
  source: string | null;
  /** Counts from 1 through everything that this instance gave to Redis. */
  reference: number;
  acceptedAtMs: number;
  resolve(place: Place): void;
  reject(error: Error): void;
}

/**
 * Gives messages a place each by `send`, one batch at a time: what comes while a batch is under way leaves with
 * the next one, so that batches grow with the load and the order is kept.
 */
export class PublishQueue {
  #waiting: WaitingMessage[] = [];
  #characters = 0;
  #reference = 0;
  #scheduled = false;
  #sending = false;
  /** Null while nothing can be sent. */
  #send: ((batch: readonly WaitingMessage[]) => Promise<void>) | null = null;
  #reason = "Redis has not been reached yet";
  /** Accepted and not yet seen in the feed, oldest first. */
  readonly #accepted = new Map<number, number>();

  /** Rejects with CACHE_UNAVAILABLE at once while nothing can be sent. */
  publish(topic: string, data: string, source: string | null): Promise<Place> {
    if (this.#send === null) return Promise.reject(unavailable(this.#reason));
    if (this.#characters + data.length > charactersWaiting) {
      return Promise.reject(unavailable("too much waits for Redis"));
    }
    return new Promise((resolve, reject) => {
      const acceptedAtMs = performance.timeOrigin + performance.now();
      const reference = ++this.#reference;
      this.#waiting.push({ topic, data, source, reference, acceptedAtMs, resolve, reject });
      this.#characters += data.length;
      this.#accepted.set(reference, acceptedAtMs);
      this.#schedule();
    });
  }

  open(send: (batch: readonly WaitingMessage[]) => Promise<void>): void {
    this.#send = send;
    this.#schedule();
  }

  /** What waits is rejected, and what comes from now on. */
  close(reason: string): void {
    this.#send = null;
    this.#reason = reason;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    for (const message of waiting) message.reject(unavailable(reason));
  }

  /** When a message that came back through the feed was accepted. The feed keeps the order, so older ones are done. */
  acceptedAtMs(reference: number): number | null {
    const atMs = this.#accepted.get(reference) ?? null;
    for (const older of this.#accepted.keys()) {
      if (older > reference) break;
      this.#accepted.delete(older);
    }
    return atMs;
  }

  #schedule(): void {
    if (this.#scheduled || this.#sending || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#sendNext();
    });
  }

  async #sendNext(): Promise<void> {
    if (this.#send === null || this.#sending) return;
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    this.#sending = true;
    try {
      await this.#send(batch);
    } catch (error) {
      const reason = unavailable(error instanceof Error ? error.message : String(error), error);
      for (const message of batch) message.reject(reason);
    }
    this.#sending = false;
    this.#schedule();
  }

  #takeBatch(): WaitingMessage[] {
    let size = 0;
    let characters = 0;
    for (const { data } of this.#waiting) {
      if (size >= messagesABatch || (size > 0 && characters + data.length > charactersABatch)) break;
      size++;
      characters += data.length;
    }
    this.#characters -= characters;
    return this.#waiting.splice(0, size);
  }
}

export function unavailable(reason: string, cause?: unknown): CodedError {
  return new CodedError("CACHE_UNAVAILABLE", `the shared cache can't be used: ${reason}`, { reason }, cause);
}
