import type { Duplex } from "node:stream";
import type { Counters } from "../counters";
import { type Batch, batchOf, conflate } from "./batch";

/** Written in one go; small enough that a slow reader's progress shows within the write deadline. */
const largestWrite = 65_536;
/** Up to here copying into one buffer costs less than handing the system several. */
const largestJoin = 16_384;

export interface OutboundOwner {
  readonly socket: Duplex;
  readonly counters: Counters;
  /** Bytes above which updates of one topic are conflated. */
  maxBytes(): number;
  /** `messages` and `bytes` were taken by the kernel. */
  onTaken(messages: number, bytes: number): void;
  /** Too much is left even after conflation. */
  onOverflow(): void;
}

const nothing: Batch[] = [];

/**
 * What one client has yet to get. Only one write is under way at a time: what comes meanwhile waits here,
 * where it can still be conflated, instead of in the socket's buffer. Push latency is observed when the write
 * completes, which is when the kernel has taken the bytes; what is left out unsent is observed with its age,
 * since a stalled reader would otherwise hide itself.
 */
export class Outbound {
  messages = 0;
  bytes = 0;
  discarded = 0;
  /** When the write under way began, 0 when none is. */
  writingSince = 0;
  conflatedAt = 0;
  #ended = false;
  /** Shared while empty: most connections have nothing waiting most of the time. */
  #waiting: Batch[] = nothing;
  #writing: Batch[] = nothing;
  #conflateAbove = 0;
  #callbacksToSkip = 0;
  readonly #owner: OutboundOwner;

  constructor(owner: OutboundOwner) {
    this.#owner = owner;
  }

  push(batch: Batch): void {
    if (this.#ended) return;
    if (this.#waiting === nothing) this.#waiting = [batch];
    else this.#waiting.push(batch);
    this.#count(batch.messages.length, batch.buffer.length);
    if (this.writingSince !== 0 && this.bytes > Math.max(this.#owner.maxBytes(), this.#conflateAbove)) {
      this.#conflate();
    }
  }

  /**
   * Hands what waits to the socket, unless a write is under way. `lead`, which is no message, goes before the first
   * in the same write: a system call of its own would cost as much again.
   */
  flush(lead: Buffer | null = null): void {
    const { socket } = this.#owner;
    if (lead !== null && this.#waiting === nothing) socket.write(lead);
    let before = lead;
    while (this.#waiting !== nothing && this.writingSince === 0 && !this.#ended && socket.writable) {
      this.#write(this.#takeNext(), before);
      before = null;
      // Nothing left in the socket: the kernel took it at once. The callback would only say so after every
      // other connection had its turn, and that wait is not this client's.
      if (socket.writableLength > 0 || socket.errored) {
        this.writingSince = performance.now();
        return;
      }
      this.#callbacksToSkip++;
      this.#complete();
    }
  }

  /** Age in ms of the oldest message that waits, 0 when none does. */
  oldestAge(now: number): number {
    const batch = this.#writing[0] ?? this.#waiting[0];
    const acceptedAt = batch?.messages[0]?.acceptedAt ?? (this.writingSince === 0 ? now : this.writingSince);
    return batch === undefined ? 0 : Math.max(0, now - acceptedAt);
  }

  /** Ends it: nothing more is sent, and what waits is counted as dropped. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = [...this.#writing, ...this.#waiting];
    this.#writing = nothing;
    this.writingSince = 0;
    this.discardWaiting();
  }

  /** Drops what waits; a write under way goes on. */
  discardWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = nothing;
    const { counters } = this.#owner;
    const now = performance.now();
    for (const batch of waiting) {
      this.#count(-batch.messages.length, -batch.buffer.length);
      counters.dropped += batch.messages.length;
      this.discarded += batch.messages.length;
      batch.observe(counters.pushLatency, now);
    }
  }

  readonly #onWritten = (error?: Error | null): void => {
    if (this.#callbacksToSkip > 0) {
      this.#callbacksToSkip--;
      return;
    }
    if (this.#ended || error) return;
    this.#complete();
    this.flush();
  };

  /** The kernel has taken what was being written. */
  #complete(): void {
    const written = this.#writing;
    this.#writing = nothing;
    this.writingSince = 0;
    const { pushLatency } = this.#owner.counters;
    const now = performance.now();
    let messages = 0;
    let bytes = 0;
    for (let i = 0; i < written.length; i++) {
      const batch = written[i] as Batch;
      messages += batch.messages.length;
      bytes += batch.buffer.length;
      batch.observe(pushLatency, now);
    }
    this.#count(-messages, -bytes);
    this.#conflateAbove = 0;
    this.#owner.onTaken(messages, bytes);
  }

  #takeNext(): Batch[] {
    const waiting = this.#waiting;
    // What is under way can't be conflated any more: of a burst in one batch as little as of several.
    const pieces = waiting[0]?.split(largestWrite);
    if (pieces !== undefined && pieces.length > 1) waiting.splice(0, 1, ...pieces);
    let count = 1;
    for (let bytes = waiting[0]?.buffer.length ?? 0; count < waiting.length; count++) {
      bytes += waiting[count]?.buffer.length ?? 0;
      if (bytes > largestWrite) break;
    }
    if (count === waiting.length) {
      this.#waiting = nothing;
      return waiting;
    }
    return waiting.splice(0, count);
  }

  #write(batches: Batch[], lead: Buffer | null): void {
    const { socket } = this.#owner;
    this.#writing = batches;
    const [first] = batches as [Batch];
    const last = batches.length - 1;
    if (lead !== null && last === 0) {
      socket.write(Buffer.concat([lead, first.buffer]), this.#onWritten);
      return;
    }
    if (lead !== null) socket.write(lead);
    if (last === 0) {
      socket.write(first.buffer, this.#onWritten);
    } else if (batches.reduce((sum, { buffer }) => sum + buffer.length, 0) <= largestJoin) {
      socket.write(first.join(batches), this.#onWritten);
    } else {
      socket.cork();
      for (const [index, { buffer }] of batches.entries()) {
        if (index === last) socket.write(buffer, this.#onWritten);
        else socket.write(buffer);
      }
      socket.uncork();
    }
  }

  #conflate(): void {
    const { counters } = this.#owner;
    const { kept, replaced } = conflate(this.#waiting.flatMap((batch) => batch.messages));
    if (replaced.length > 0) {
      this.#waiting = kept.map((message) => batchOf([message]));
      this.#count(-replaced.length, -replaced.reduce((sum, message) => sum + message.frame.length, 0));
      this.discarded += replaced.length;
      counters.conflated += replaced.length;
      this.conflatedAt = performance.now();
      for (const { acceptedAt } of replaced) {
        if (acceptedAt !== null) counters.pushLatency.observe(this.conflatedAt - acceptedAt);
      }
    }
    if (this.bytes > 2 * this.#owner.maxBytes() + largestWrite) this.#owner.onOverflow();
    // Conflating again only pays once a good part of it is new.
    else this.#conflateAbove = this.bytes * 1.25;
  }

  #count(messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += bytes;
    const { counters } = this.#owner;
    counters.queuedMessages += messages;
    counters.queuedBytes += bytes;
  }
}
