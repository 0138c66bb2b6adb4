import { randomBytes } from "node:crypto";
import type { LogLine } from "../../../lib/contract/service-api";
import { createLineFilter, type LineFilter } from "./line-filter";
import { parseHead } from "./parse-head";
import type { RecentLine, RecentLines } from "./recent-lines";
import { within } from "./within";

export const maxStreams = 20;
/** What waits for one reader at most. */
const maxQueueCharacters = 262_144;
const maxQueueLines = 2_000;
const encoder = new TextEncoder();

/**
 * Readers that follow the log, as server-sent events. A reader that does not keep up costs a bounded queue: it loses
 * the oldest lines and is told how many (`event: dropped`).
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class LogStreams {
  readonly #recent: RecentLines;
  readonly #heartbeatMs: number;
  readonly #readers = new Set<Reader>();
  /** Ids of another process's lines say nothing here. */
  readonly #run = randomBytes(4).toString("hex");
  #ended = false;

  constructor(recent: RecentLines, heartbeatMs = 15_000) {
    this.#recent = recent;
    this.#heartbeatMs = heartbeatMs;
  }

  get size(): number {
    return this.#readers.size;
  }

  /** `lastId` is that of the last line a reader got before it lost its connection. */
  open(filter: LineFilter, lastId?: string): ReadableStream<Uint8Array> {
    const reader = new Reader(this.#run, createLineFilter(filter), this.#heartbeatMs, () =>
      this.#readers.delete(reader),
    );
    this.#readers.add(reader);
    this.#resume(reader, lastId);
    if (this.#ended) void reader.end();
    return reader.stream;
  }

  send(line: RecentLine): void {
    if (this.#readers.size === 0) return;
    const parsed = parseHead(line.text);
    const data = JSON.stringify(parsed);
    for (const reader of this.#readers) reader.send(line.number, parsed, data);
  }

  /** Returns when the readers have what there was, or do not take it. */
  async end(): Promise<void> {
    this.#ended = true;
    const taken = [...this.#readers].map((reader) => reader.end());
    if (taken.length === 0) return;
    await within(Promise.all(taken), 500);
    // What was taken is on its way to the socket.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #resume(reader: Reader, lastId: string | undefined): void {
    const [run, number] = lastId?.split("-") ?? [];
    const last = Number(number);
    if (run !== this.#run || !Number.isSafeInteger(last)) return;
    const missed = this.#recent.all().filter((line) => line.number > last);
    const oldest = missed[0]?.number;
    if (oldest !== undefined) reader.drop(oldest - last - 1);
    for (const { number, text } of missed) {
      const line = parseHead(text);
      reader.send(number, line, JSON.stringify(line));
    }
  }
}

class Reader {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #run: string;
  readonly #fits: (line: LogLine) => boolean;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #onGone: () => void;
  #queue: string[] = [];
  #characters = 0;
  #dropped = 0;
  #ending = false;
  #isGone = false;
  #onEnded: () => void = () => {};
  #wanted: (() => void) | null = null;

  constructor(run: string, fits: (line: LogLine) => boolean, heartbeatMs: number, onGone: () => void) {
    this.#run = run;
    this.#fits = fits;
    this.#onGone = onGone;
    this.#heartbeat = setInterval(() => {
      if (this.#queue.length === 0) this.#add(": heartbeat\n\n");
    }, heartbeatMs);
    this.#heartbeat.unref();
    this.stream = new ReadableStream(
      { pull: (controller) => this.#pull(controller), cancel: () => this.#gone() },
      { highWaterMark: 0 },
    );
    this.#add(": the log from here\nretry: 2000\n\n");
  }

  send(number: number, line: LogLine, data: string): void {
    if (!this.#fits(line)) return;
    this.#add(`id: ${this.#run}-${number}\ndata: ${data}\n\n`);
    if (this.#queue.length <= maxQueueLines && this.#characters <= maxQueueCharacters) return;
    // Many at a time: to make room for one line after the other costs a copy of the queue each.
    for (const oldest of this.#queue.splice(0, Math.ceil(this.#queue.length / 4))) {
      this.#characters -= oldest.length;
      if (oldest.startsWith("id:")) this.#dropped++;
    }
  }

  drop(lines: number): void {
    this.#dropped += lines;
  }

  end(): Promise<void> {
    this.#ending = true;
    this.#wanted?.();
    return new Promise((resolve) => {
      this.#onEnded = resolve;
      if (this.#isGone) resolve();
    });
  }

  #add(event: string): void {
    this.#queue.push(event);
    this.#characters += event.length;
    this.#wanted?.();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#queue.length === 0 && !this.#ending) {
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
      this.#wanted = null;
    }
    if (this.#isGone) return;
    const told = this.#dropped === 0 ? "" : `event: dropped\ndata: {"dropped":${this.#dropped}}\n\n`;
    const text = told + this.#queue.join("");
    this.#queue = [];
    this.#characters = 0;
    this.#dropped = 0;
    if (text !== "") controller.enqueue(encoder.encode(text));
    if (this.#ending) {
      this.#gone();
      controller.close();
    }
  }

  #gone(): void {
    this.#isGone = true;
    clearInterval(this.#heartbeat);
    this.#onGone();
    this.#onEnded();
    this.#wanted?.();
  }
}
