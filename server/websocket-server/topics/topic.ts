import { type Batch, batchOf, type OutboundMessage } from "../outbound/batch";
import { textFrame, textFrameBytes } from "../outbound/frame";
import { RateWindow } from "../rate-window";
import { type KeptMessage, TopicHistory } from "./history";
import { type Gap, gapNotice } from "./notices";
import type { Pattern } from "./pattern";
import type { SequencedMessage } from "./sequencer";

/** How someone holds a topic: by its name, through patterns, or both; its updates come once. */
export interface Subscription {
  readonly topic: Topic;
  exact: boolean;
  /** How many of its patterns cover the topic. */
  patterns: number;
}

export interface Subscriber {
  /** What it holds, by topic; kept by `Subscriptions`. */
  readonly subscriptions: Map<string, Subscription>;
  /** By text; null while it has none. */
  patterns: Map<string, Pattern> | null;
  deliver(batch: Batch): void;
  send(notice: Record<string, unknown>): void;
  /** Bytes that may still be queued for it before updates are conflated. */
  room(): number;
  /** Writes down what happened to it. */
  note(event: string, detail: string): void;
}

/** One topic: its newest value, its sequence number and who gets its updates. */
export class Topic {
  readonly name: string;
  readonly subscribers = new Set<Subscriber>();
  /** Of the subscribers, those that hold it through a pattern only. */
  patternSubscribers = 0;
  /** What is kept for those who come back. */
  readonly history = new TopicHistory();
  readonly received = new RateWindow();
  readonly deliveries = new RateWindow();
  readonly openedAtMs = Date.now();
  seq = 0;
  last: KeptMessage | null = null;
  lastMessageAtMs: number | null = null;
  readonly #opening: string;
  #pending: OutboundMessage[] = [];

  constructor(name: string) {
    this.name = name;
    this.#opening = `{"topic":${JSON.stringify(name)},"seq":`;
  }

  /** Takes a message in; it leaves with the next `flush`. */
  accept({ seq, atMs, data, acceptedAtMs }: SequencedMessage): KeptMessage {
    this.seq = seq;
    this.lastMessageAtMs = atMs;
    const text = this.#textOf(seq, atMs, data);
    if (this.subscribers.size > 0) {
      const acceptedAt = acceptedAtMs === null ? null : acceptedAtMs - performance.timeOrigin;
      this.#pending.push({ frame: textFrame(text), topic: this.name, acceptedAt });
    }
    this.last = { seq, atMs, data, bytes: textFrameBytes(text) };
    return this.last;
  }

  /** The frame that was sent, made again. */
  frameOf({ seq, atMs, data }: KeptMessage): Buffer {
    return textFrame(this.#textOf(seq, atMs, data));
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
    for (const subscriber of this.subscribers) {
      subscriber.deliver(batch);
      subscriber.note("gap", `${this.name}: ${gap.reason}`);
    }
  }

  /** Forgets value and number, as at the start of an epoch. */
  begin(): void {
    this.seq = 0;
    this.last = null;
    this.lastMessageAtMs = null;
  }

  /** The newest value for someone who has just come; its age is no push latency. */
  lastValue(): Batch | null {
    if (this.last === null) return null;
    return batchOf([{ frame: this.frameOf(this.last), topic: this.name, acceptedAt: null }]);
  }

  #textOf(seq: number, atMs: number, data: string): string {
    return `${this.#opening}${seq},"ts":${atMs},"data":${data}}`;
  }
}
