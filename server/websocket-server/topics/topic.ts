import { type Batch, batchOf, type OutboundMessage } from "../outbound/batch";
import { textFrame } from "../outbound/frame";
import { RateWindow } from "../rate-window";
import { type Gap, gapNotice } from "./notices";
import type { SequencedMessage } from "./sequencer";

export interface Subscriber {
  deliver(batch: Batch): void;
}

/** One topic: its newest value, its sequence number and who gets its updates. */
export class Topic {
  readonly name: string;
  readonly subscribers = new Set<Subscriber>();
  readonly deliveries = new RateWindow();
  /** What is kept for those who come back. */
  readonly history = { messages: 0 };
  seq = 0;
  lastMessageAtMs: number | null = null;
  last: OutboundMessage | null = null;
  readonly #opening: string;
  #pending: OutboundMessage[] = [];

  constructor(name: string) {
    this.name = name;
    this.#opening = `{"topic":${JSON.stringify(name)},"seq":`;
  }

  /** Takes a message in; it leaves with the next `flush`. */
  accept({ seq, atMs, data, acceptedAtMs }: SequencedMessage): OutboundMessage {
    this.seq = seq;
    this.lastMessageAtMs = atMs;
    const frame = textFrame(`${this.#opening}${seq},"ts":${atMs},"data":${data}}`);
    const acceptedAt = acceptedAtMs === null ? null : acceptedAtMs - performance.timeOrigin;
    this.last = { frame, topic: this.name, acceptedAt };
    if (this.subscribers.size > 0) this.#pending.push(this.last);
    return this.last;
  }

  /** Hands what was accepted to every subscriber as one shared batch. */
  flush(nowMs: number): void {
    if (this.#pending.length === 0) return;
    const batch = batchOf(this.#pending);
    this.#pending = [];
    this.deliveries.add(nowMs, batch.messages.length * this.subscribers.size);
    for (const subscriber of this.subscribers) subscriber.deliver(batch);
  }

  /** Tells every subscriber of a hole, after what was accepted before it. */
  tellGap(gap: Omit<Gap, "topic">, nowMs: number): void {
    this.flush(nowMs);
    if (this.subscribers.size === 0) return;
    const frame = textFrame(JSON.stringify(gapNotice({ ...gap, topic: this.name })));
    const batch = batchOf([{ frame, topic: null, acceptedAt: null }]);
    for (const subscriber of this.subscribers) subscriber.deliver(batch);
  }

  /** Forgets value and number, as at the start of an epoch. */
  begin(): void {
    this.seq = 0;
    this.lastMessageAtMs = null;
    this.last = null;
  }

  /** The newest value for someone who has just come; its age is no push latency. */
  lastValue(): Batch | null {
    return this.last === null ? null : batchOf([{ ...this.last, acceptedAt: null }]);
  }
}
