import type { Duplex } from "node:stream";
import type { Counters } from "../counters";
import { type Batch, batchOf, conflate, type OutboundMessage } from "./batch";

/** Written in one go; small enough that a slow reader's progress shows within the write deadline. */
const largestWrite = 65_536;

export interface OutboundOwner {
  socket: Duplex;
  counters: Counters;
  /** Bytes above which updates of one topic are conflated. */
  maxBytes(): number;
  /** `messages` and `bytes` were taken by the kernel. */
  onTaken(messages: number, bytes: number): void;
  /** Too much is left even after conflation. */
  onOverflow(): void;
}

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
  #waiting: Batch[] = [];
  #writing: Batch[] = [];
  #conflateAbove = 0;
  #callbacksToSkip = 0;
  readonly #owner: OutboundOwner;

  constructor(owner: OutboundOwner) {
    this.#owner = owner;
  }

  push(batch: Batch): void {
    if (this.#ended) return;
    this.#waiting.push(batch);
    this.#count(batch.messages.length, batch.buffer.length);
    if (this.writingSince !== 0 && this.bytes > Math.max(this.#owner.maxBytes(), this.#conflateAbove)) {
      this.#conflate();
    }
  }

  /** Hands what waits to the socket, unless a write is under way. */
  flush(): void {
    const { socket } = this.#owner;
    while (this.writingSince === 0 && !this.#ended && socket.writable) {
      const count = this.#nextWrite();
      if (count === 0) return;
      this.#writing = this.#waiting.splice(0, count);
      this.writingSince = performance.now();
      const last = count - 1;
      if (last > 0) socket.cork();
      for (const [index, batch] of this.#writing.entries()) {
        if (index === last) socket.write(batch.buffer, this.#onWritten);
        else socket.write(batch.buffer);
      }
      if (last > 0) socket.uncork();
      // Nothing left in the socket: the kernel took it at once. The callback would only say so after every
      // other connection had its turn, and that wait is not this client's.
      if (socket.writableLength > 0 || socket.errored) return;
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
    this.#waiting.unshift(...this.#writing);
    this.#writing = [];
    this.writingSince = 0;
    this.discardWaiting();
  }

  /** Drops what waits; a write under way goes on. */
  discardWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { counters } = this.#owner;
    for (const batch of waiting) {
      this.#count(-batch.messages.length, -batch.buffer.length);
      counters.dropped += batch.messages.length;
      this.discarded += batch.messages.length;
      this.#observe(batch.messages);
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
    this.#writing = [];
    this.writingSince = 0;
    let messages = 0;
    let bytes = 0;
    for (const batch of written) {
      messages += batch.messages.length;
      bytes += batch.buffer.length;
      this.#observe(batch.messages);
    }
    this.#count(-messages, -bytes);
    this.#conflateAbove = 0;
    this.#owner.onTaken(messages, bytes);
  }

  #nextWrite(): number {
    let bytes = 0;
    let count = 0;
    for (const batch of this.#waiting) {
      if (count > 0 && bytes + batch.buffer.length > largestWrite) break;
      bytes += batch.buffer.length;
      count++;
    }
    return count;
  }

  #conflate(): void {
    const { kept, replaced } = conflate(this.#waiting.flatMap((batch) => batch.messages));
    if (replaced.length > 0) {
      this.#waiting = kept.map((message) => batchOf([message]));
      this.#count(-replaced.length, -replaced.reduce((sum, message) => sum + message.frame.length, 0));
      this.discarded += replaced.length;
      this.#owner.counters.conflated += replaced.length;
      this.conflatedAt = performance.now();
      this.#observe(replaced);
    }
    if (this.bytes > 2 * this.#owner.maxBytes() + largestWrite) this.#owner.onOverflow();
    // Conflating again only pays once a good part of it is new.
    else this.#conflateAbove = this.bytes * 1.25;
  }

  #observe(messages: readonly OutboundMessage[]): void {
    const now = performance.now();
    for (const { acceptedAt } of messages) {
      if (acceptedAt !== null) this.#owner.counters.pushLatency.observe(now - acceptedAt);
    }
  }

  #count(messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += bytes;
    this.#owner.counters.queuedMessages += messages;
    this.#owner.counters.queuedBytes += bytes;
  }
}
