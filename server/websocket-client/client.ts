import WebSocket, { type ClientOptions } from "ws";
import { matchesGlob } from "../process/glob";
import type { Backoff } from "../process/jittered-back-off";
import { type Answer, PendingRequests } from "./pending-requests";
import { ReconnectDelay } from "./reconnect-delay";
import { SilenceWatch } from "./silence-watch";
import { type Gap, type Seen, Views } from "./views";

export type { Answer } from "./pending-requests";
export type { Gap, Seen } from "./views";

export interface DataMessage {
  topic: string;
  seq: number;
  /** Epoch milliseconds. */
  ts: number;
  data: unknown;
}

export interface WebsocketClientOptions {
  /** With several, the next one is tried when one fails or says goodbye. */
  url: string | readonly string[];
  /** Connect again when the connection is lost; off ends the client with its connection. */
  reconnect?: boolean;
  /** Full jitter: each wait is anywhere up to a limit that doubles. 250 ms to 15 s unless given. */
  backoff?: Backoff;
  random?: () => number;
  /** 10,000 unless given. */
  requestTimeoutMs?: number;
  /** Topics whose last number is remembered; 10,000 unless given. */
  mostTopics?: number;
  /** Options for ws: headers, local address and the like. */
  socket?: ClientOptions;
}

type Events = {
  message: (message: DataMessage) => void;
  /** Messages that never come. What follows is contiguous again. */
  gap: (gap: Gap) => void;
  /** After a reconnect all that was missed of a topic or pattern comes: so many messages. */
  recovered: (topic: string, replayed: number) => void;
  /** A message that came before; it is not told as a message. */
  duplicate: (topic: string, seq: number) => void;
  /** The service ended a subscription, or refused to begin it again after a reconnect. */
  unsubscribed: (topic: string, reason: string) => void;
  welcome: (welcome: Record<string, unknown>) => void;
  goodbye: (goodbye: Record<string, unknown>) => void;
  close: (code: number, reason: string) => void;
};

const defaultBackoff: Backoff = { firstMs: 250, longestMs: 15_000 };
const mostPending = 1_000;
const mostUnsentBytes = 8 * 1_048_576;
/** Numbers that one subscription to a pattern names at most, so that it stays well below the service's limit. */
const mostSeqs = 2_000;
/** A server that misses two of its pings is gone. */
const silentIntervals = 2.5;

/**
 * A client of the data service, as docs/service-api.md describes the protocol. Subscriptions outlive the connection:
 * after a reconnect they go on from the last message seen. Every message of a subscribed topic follows the one before
 * by its number, or `gap` is told first. A request that is under way when the connection is lost is rejected, and may
 * or may not have been carried out.
 */
export class WebsocketClient {
  readonly #options: WebsocketClientOptions;
  readonly #urls: readonly string[];
  readonly #wanted = new Set<string>();
  readonly #pending: PendingRequests;
  readonly #delay: ReconnectDelay;
  readonly #views: Views;
  readonly #silence = new SilenceWatch(() => this.#socket?.terminate());
  readonly #listeners: { [E in keyof Events]: Set<Events[E]> } = {
    message: new Set(),
    gap: new Set(),
    recovered: new Set(),
    duplicate: new Set(),
    unsubscribed: new Set(),
    welcome: new Set(),
    goodbye: new Set(),
    close: new Set(),
  };
  #socket: WebSocket | null = null;
  #urlAt = 0;
  #closed = false;
  #timer: NodeJS.Timeout | null = null;
  #subscribing: NodeJS.Timeout | null = null;

  constructor(options: WebsocketClientOptions) {
    this.#options = options;
    this.#urls = typeof options.url === "string" ? [options.url] : options.url;
    this.#pending = new PendingRequests(mostPending, options.requestTimeoutMs ?? 10_000);
    this.#delay = new ReconnectDelay(options.backoff ?? defaultBackoff, options.random ?? Math.random);
    this.#views = new Views({
      most: options.mostTopics ?? 10_000,
      onGap: (gap) => this.#emit("gap", gap),
    });
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** The socket underneath, null while there is none: for tests and probes that misbehave on purpose. */
  get socket(): WebSocket | null {
    return this.#socket;
  }

  /** Connects; rejects when the first attempt fails and `reconnect` is off. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => this.#open(resolve, reject));
  }

  /** The function it returns takes the listener away. */
  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  onMessage(listener: Events["message"]): () => void {
    return this.on("message", listener);
  }

  /** The last message seen of a topic, to go on from there with `subscribe`; null before the first one. */
  seen(topic: string): Seen | null {
    return this.#views.seen(topic);
  }

  /** To a topic, or with `*` to all that match; `since` for one topic only. Kept unless the service refuses. */
  subscribe(topic: string, since?: Seen): Promise<Answer> {
    return this.#request({ op: "subscribe", topic, since }, (answer) => {
      if (!answer.ok) return;
      this.#wanted.add(topic);
      this.#onSubscribed(topic, answer, since);
    });
  }

  unsubscribe(topic: string): Promise<Answer> {
    this.#wanted.delete(topic);
    const forget = () => this.#views.keepOnly((each) => this.#holds(each));
    return this.#request({ op: "unsubscribe", topic }, forget).catch((error: unknown) => {
      forget();
      throw error;
    });
  }

  publish(topic: string, data: unknown): Promise<Answer> {
    return this.request({ op: "publish", topic, data });
  }

  /** Sends a request and waits for its answer. */
  request(fields: Record<string, unknown>): Promise<Answer> {
    return this.#request(fields, () => {});
  }

  /** Ends the client for good. */
  async close(code = 1000, reason = ""): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), 1_000).unref();
    });
  }

  #request(fields: Record<string, unknown>, onAnswer: (answer: Answer) => void): Promise<Answer> {
    const socket = this.#socket;
    if (!this.connected || socket === null) return Promise.reject(new Error("not connected"));
    if (socket.bufferedAmount > mostUnsentBytes) {
      return Promise.reject(new Error("the service does not take what is sent"));
    }
    return this.#pending.add((id) => socket.send(JSON.stringify({ id, ...fields })), onAnswer);
  }

  #open(resolve: () => void, reject: (error: Error) => void): void {
    const url = this.#urls[this.#urlAt % this.#urls.length] ?? "";
    const socket = new WebSocket(url, { handshakeTimeout: 10_000, ...this.#options.socket });
    this.#socket = socket;
    let failure: Error | null = null;
    let openedAt: number | null = null;
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("open", () => {
      openedAt = performance.now();
      resolve();
    });
    socket.on("ping", () => this.#silence.heard());
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("close", (code, reason) => {
      this.#silence.stop();
      if (this.#subscribing) clearTimeout(this.#subscribing);
      this.#pending.rejectAll(new Error("connection lost"));
      this.#emit("close", code, reason.toString());
      if (this.#closed || this.#options.reconnect === false) {
        reject(failure ?? new Error("connection closed"));
        return;
      }
      this.#urlAt++;
      const livedMs = openedAt === null ? null : performance.now() - openedAt;
      const waitMs = this.#delay.next(code, livedMs, this.#urls.length > 1);
      this.#timer = setTimeout(() => this.#open(resolve, reject), waitMs);
    });
  }

  #receive(text: string): void {
    this.#silence.heard();
    const message = parse(text);
    if (message === null) {
      this.#socket?.close(1002, "not a message");
      return;
    }
    const topic = String(message.topic);
    if (typeof message.id === "number") {
      this.#pending.settle(message as Answer);
    } else if (message.op === "welcome") {
      this.#onWelcome(message);
    } else if (message.op === "gap") {
      this.#views.takeGap({
        topic,
        epoch: String(message.epoch),
        fromSeq: Number(message.from_seq),
        toSeq: Number(message.to_seq),
        reason: String(message.reason),
      });
    } else if (message.op === "unsubscribed") {
      this.#onUnsubscribed(topic, String(message.reason));
    } else if (message.op === "goodbye") {
      if (typeof message.retry_after_ms === "number") this.#delay.asked(message.retry_after_ms);
      this.#emit("goodbye", message);
    } else if (typeof message.seq === "number") {
      if (!this.#holds(topic) || this.#views.take(topic, message.seq)) {
        this.#emit("message", message as unknown as DataMessage);
      } else {
        this.#emit("duplicate", topic, message.seq);
      }
    }
  }

  #onWelcome(welcome: Record<string, unknown>): void {
    const limits = welcome.limits as { max_messages_per_second?: number } | undefined;
    this.#views.epoch = String(welcome.epoch ?? "");
    const interval = Number(welcome.heartbeat_interval);
    if (interval > 0) this.#silence.start(interval * 1_000 * silentIntervals);
    this.#emit("welcome", welcome);
    this.#subscribeAgain([...this.#wanted], Math.ceil((limits?.max_messages_per_second ?? 100) / 2));
  }

  /** So many at once and a second: the service counts, and ends who asks too much. */
  #subscribeAgain(topics: readonly string[], perSecond: number): void {
    const now = topics.slice(0, perSecond);
    const later = topics.slice(perSecond);
    for (const topic of now) {
      if (!this.#wanted.has(topic)) continue;
      const since = topic.includes("*") ? this.#seenBy(topic) : (this.#views.seen(topic) ?? undefined);
      this.#request({ op: "subscribe", topic, since }, (answer) => {
        if (answer.ok) this.#onSubscribed(topic, answer, since);
        else this.#onUnsubscribed(topic, answer.error?.code ?? "");
      }).catch(() => {});
    }
    if (later.length === 0) return;
    this.#subscribing = setTimeout(() => this.#subscribeAgain(later, perSecond), 1_000);
  }

  #onSubscribed(topic: string, answer: Answer, since: unknown): void {
    this.#views.epoch = String(answer.epoch);
    if (answer.recovered === true) this.#emit("recovered", topic, Number(answer.replayed));
    if (topic.includes("*") || answer.held === true) return;
    if (since === undefined) this.#views.begin(topic, Number(answer.seq), false);
    else if (this.#views.seen(topic) === null) this.#views.resume(topic, since as Seen);
  }

  #onUnsubscribed(topic: string, reason: string): void {
    this.#wanted.delete(topic);
    if (!topic.includes("*")) this.#views.forget(topic);
    this.#emit("unsubscribed", topic, reason);
  }

  #holds(topic: string): boolean {
    if (this.#wanted.has(topic)) return true;
    for (const wanted of this.#wanted) if (wanted.includes("*") && matchesGlob(wanted, topic)) return true;
    return false;
  }

  /** The newest of them, all of the last epoch; undefined before any was seen. */
  #seenBy(pattern: string): { epoch: string; seqs: Record<string, number> } | undefined {
    const matching = [...this.#views.entries()]
      .filter(([topic]) => matchesGlob(pattern, topic))
      .slice(-mostSeqs);
    const epoch = matching.at(-1)?.[1].epoch;
    if (epoch === undefined) return undefined;
    const ofEpoch = matching.filter(([, seen]) => seen.epoch === epoch);
    return { epoch, seqs: Object.fromEntries(ofEpoch.map(([topic, { seq }]) => [topic, seq])) };
  }

  #emit<E extends keyof Events>(event: E, ...args: Parameters<Events[E]>): void {
    for (const listener of this.#listeners[event])
      (listener as (...args: Parameters<Events[E]>) => void)(...args);
  }
}

/** Null for what is no JSON object. */
function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
