import { type Batch, batchOf, type OutboundMessage } from "../outbound/batch";
import { textFrame } from "../outbound/frame";
import { RateWindow } from "../rate-window";

export interface Subscriber {
  deliver(batch: Batch): void;
}

/** One topic: its newest value, its sequence number and who gets its updates. */
export class Topic {
  readonly name: string;
  readonly subscribers = new Set<Subscriber>();
  readonly deliveries = new RateWindow();
  seq = 0;
  last: OutboundMessage | null = null;
  #pending: OutboundMessage[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Takes a message in; it leaves with the next `flush`. `data` is JSON text. */
  accept(data: string, atMs: number): void {
    this.seq++;
    const text = `{"topic":${JSON.stringify(this.name)},"seq":${this.seq},"ts":${atMs},"data":${data}}`;
    this.last = { frame: textFrame(text), topic: this.name, acceptedAt: performance.now() };
    if (this.subscribers.size > 0) this.#pending.push(this.last);
  }

  /** Hands what was accepted to every subscriber as one shared batch. */
  flush(nowMs: number): void {
    if (this.#pending.length === 0) return;
    const batch = batchOf(this.#pending);
    this.#pending = [];
    this.deliveries.add(nowMs, batch.messages.length * this.subscribers.size);
    for (const subscriber of this.subscribers) subscriber.deliver(batch);
  }

  /** The newest value for someone who has just come; its age is no push latency. */
  lastValue(): Batch | null {
    return this.last === null ? null : batchOf([{ ...this.last, acceptedAt: null }]);
  }
}
