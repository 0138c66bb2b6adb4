import type { Histogram } from "../histogram";

/** One frame on its way to clients; shared by all of them. */
export interface OutboundMessage {
  frame: Buffer;
  /** The topic whose newer value may replace it; null for answers, which are never left out. */
  topic: string | null;
  /** When it was accepted, on the monotonic clock; null when its delay is no push latency. */
  acceptedAt: number | null;
}

/** Frames that leave in one piece. One batch is shared by every connection that gets the same frames. */
export class Batch {
  readonly messages: readonly OutboundMessage[];
  readonly buffer: Buffer;
  /** Where the latencies of its messages lie until `#validUntil`: pairs of a bucket and a count. */
  #buckets: number[] = [];
  #validUntil = Number.NEGATIVE_INFINITY;
  #timed = 0;
  #acceptedSum = 0;
  #pieces: readonly Batch[] | null = null;
  #joined: { parts: readonly Batch[]; buffer: Buffer } | null = null;

  constructor(messages: readonly OutboundMessage[], buffer: Buffer) {
    this.messages = messages;
    this.buffer = buffer;
    for (const { acceptedAt } of messages) {
      if (acceptedAt === null) continue;
      this.#timed++;
      this.#acceptedSum += acceptedAt;
    }
  }

  /**
   * Counts the latency of every message, for one client, at `now`. Thousands of clients take a batch within the
   * same instant, so the buckets are looked up once for as long as no latency crosses a bound.
   */
  observe(histogram: Histogram, now: number): void {
    if (this.#timed === 0) return;
    if (now >= this.#validUntil) this.#sortInto(histogram, now);
    const buckets = this.#buckets;
    for (let i = 0; i < buckets.length; i += 2) {
      const bucket = buckets[i] as number;
      histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + (buckets[i + 1] as number);
    }
    histogram.sumMs += this.#timed * now - this.#acceptedSum;
  }

  /** The bytes of several batches, of which this one is the first. Clients with the same queue share them. */
  join(parts: readonly Batch[]): Buffer {
    const joined = this.#joined;
    if (joined !== null && joined.parts.length === parts.length) {
      let same = true;
      for (let i = 1; i < parts.length && same; i++) same = joined.parts[i] === parts[i];
      if (same) return joined.buffer;
    }
    const buffer = Buffer.concat(parts.map((part) => part.buffer));
    this.#joined = { parts, buffer };
    return buffer;
  }

  /** In order, none over `largest` bytes unless it is a single message; itself where that holds already. */
  split(largest: number): readonly Batch[] {
    if (this.buffer.length <= largest || this.messages.length <= 1) return [this];
    this.#pieces ??= piecesOf(this.messages, largest).map(batchOf);
    return this.#pieces;
  }

  #sortInto(histogram: Histogram, now: number): void {
    const counts = new Map<number, number>();
    this.#validUntil = Number.POSITIVE_INFINITY;
    for (const { acceptedAt } of this.messages) {
      if (acceptedAt === null) continue;
      const bucket = histogram.bucketOf(now - acceptedAt);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      this.#validUntil = Math.min(this.#validUntil, acceptedAt + histogram.boundOf(bucket));
    }
    this.#buckets = [...counts].flat();
  }
}

export function batchOf(messages: readonly OutboundMessage[]): Batch {
  const [first] = messages;
  const buffer =
    messages.length === 1 && first ? first.frame : Buffer.concat(messages.map((message) => message.frame));
  return new Batch(messages, buffer);
}

function piecesOf(messages: readonly OutboundMessage[], largest: number): OutboundMessage[][] {
  const pieces: OutboundMessage[][] = [];
  let piece: OutboundMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    bytes += message.frame.length;
    if (piece.length === 0 || bytes > largest) {
      piece = [];
      pieces.push(piece);
      bytes = message.frame.length;
    }
    piece.push(message);
  }
  return pieces;
}

/** Of each topic only the newest message, answers untouched, order kept. */
export function conflate(messages: readonly OutboundMessage[]): {
  kept: OutboundMessage[];
  replaced: OutboundMessage[];
} {
  const newest = new Map<string, OutboundMessage>();
  for (const message of messages) if (message.topic !== null) newest.set(message.topic, message);
  const kept: OutboundMessage[] = [];
  const replaced: OutboundMessage[] = [];
  for (const message of messages) {
    const keep = message.topic === null || newest.get(message.topic) === message;
    (keep ? kept : replaced).push(message);
  }
  return { kept, replaced };
}
