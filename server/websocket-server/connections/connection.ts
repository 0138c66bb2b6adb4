import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Connection as ConnectionRow, ConnectionState } from "../../../lib/contract/service-api";
import type { CloseSide, Counters } from "../counters";
import { type Batch, batchOf } from "../outbound/batch";
import { textFrame } from "../outbound/frame";
import { Outbound, type OutboundOwner } from "../outbound/outbound";
import type { Pattern } from "../topics/pattern";
import type { Subscriber, Subscription } from "../topics/topic";
import { type ConnectionEvent, EventRing } from "./event-ring";
import type { ServerSocket } from "./rfc6455/server-socket";

/** A write that takes longer than this, or a conflation that recent, makes a connection `slow`. */
const slowAfterMs = 1_000;
const conflatedWithinMs = 10_000;

export interface ConnectionOptions {
  id: string;
  ws: ServerSocket;
  socket: Duplex;
  remoteIp: string;
  remotePort: number;
  userAgent: string;
  origin: string | null;
  counters: Counters;
  maxBytes(): number;
  /** Called when it got something to send; flushed at the end of the tick. */
  onPending(connection: Connection): void;
}

/** One client: its socket, its subscriptions and its figures. */
export class Connection implements Subscriber, OutboundOwner {
  readonly id: string;
  readonly ws: ServerSocket;
  readonly socket: Duplex;
  readonly remoteIp: string;
  readonly remotePort: number;
  readonly userAgent: string;
  readonly origin: string | null;
  readonly counters: Counters;
  readonly maxBytes: () => number;
  /** Whether it stands among those to be flushed. */
  pending = false;
  readonly connectedAtMs = Date.now();
  readonly connectedAt = performance.now();
  readonly subscriptions = new Map<string, Subscription>();
  patterns: Map<string, Pattern> | null = null;
  readonly outbound: Outbound;
  /** When a data frame last went either way; monotonic clock, since one that is set would make everyone idle. */
  lastMessageAt: number | null = null;
  /** When the client last sent a message or a ping, or answered one; monotonic clock. */
  lastHeardAt = performance.now();
  /** When the ping that waits for its answer was sent, 0 when none does; the answer carries its payload. */
  pingSentAt = 0;
  pingPayload = 0;
  nextPingAt = 0;
  rttMs: number | null = null;
  messagesIn = 0;
  bytesIn = 0;
  messagesOut = 0;
  bytesOut = 0;
  /** Set once this side ends it. */
  ending: { code: number; reason: string; side: CloseSide } | null = null;
  /** Allowance of the message rate, and when it was last topped up. */
  allowance = Number.POSITIVE_INFINITY;
  allowanceAt = 0;
  /** Messages refused and not yet forgiven. */
  refusals = 0;
  readonly #onPending: (connection: Connection) => void;
  #events: EventRing | null = null;
  #conflationNotedAt = 0;

  constructor(options: ConnectionOptions) {
    this.id = options.id;
    this.ws = options.ws;
    this.socket = options.socket;
    this.remoteIp = options.remoteIp;
    this.remotePort = options.remotePort;
    this.userAgent = options.userAgent;
    this.origin = options.origin;
    this.counters = options.counters;
    this.maxBytes = options.maxBytes;
    this.#onPending = options.onPending;
    this.outbound = new Outbound(this);
  }

  get open(): boolean {
    return this.ending === null && this.ws.open;
  }

  get tls(): boolean {
    return this.socket instanceof TLSSocket;
  }

  deliver(batch: Batch): void {
    if (this.ending !== null) return;
    this.outbound.push(batch);
    if (this.outbound.conflatedAt > this.#conflationNotedAt + conflatedWithinMs) this.#noteConflation();
    if (this.pending) return;
    this.pending = true;
    this.#onPending(this);
  }

  onTaken(messages: number, bytes: number): void {
    const { counters } = this;
    this.messagesOut += messages;
    this.bytesOut += bytes;
    counters.messagesOut += messages;
    counters.bytesOut += bytes;
    this.lastMessageAt = performance.now();
  }

  onOverflow(): void {
    this.close(1013, "slow consumer");
  }

  room(): number {
    return Math.max(0, this.maxBytes() - this.outbound.bytes);
  }

  note(event: string, detail: string): void {
    this.#events ??= new EventRing();
    this.#events.add(event, detail);
  }

  /** What happened to it, newest first. */
  events(): ConnectionEvent[] {
    return this.#events?.newest() ?? [];
  }

  /** Sends an answer or a notice, in order with the data. */
  send(message: Record<string, unknown>): void {
    this.sendText(JSON.stringify(message));
  }

  /** The same of a message that is JSON already. */
  sendText(json: string): void {
    const frame = textFrame(json);
    this.deliver(batchOf([{ frame, topic: null, acceptedAt: null }]));
  }

  /**
   * Begins the closing handshake. A client that does not finish it within `graceMs` is cut off: one that does
   * not read never sees the close frame behind what the kernel holds.
   */
  close(code: number, reason: string, graceMs = 2_000): void {
    if (this.ending !== null) return;
    this.outbound.flush();
    this.end(code, reason, "server");
    this.ws.close(code, reason);
    setTimeout(() => this.ws.terminate(), graceMs).unref();
  }

  /** Notes why it ends, the first reason only; nothing more is sent. */
  end(code: number, reason: string, side: CloseSide): void {
    if (this.ending !== null) return;
    this.ending = { code, reason, side };
    this.outbound.discardWaiting();
  }

  /** Cuts the connection off without a close frame, as one that is gone already. */
  drop(reason: string): void {
    if (this.ending !== null) return;
    this.end(1006, reason, "lost");
    this.ws.terminate();
  }

  #noteConflation(): void {
    this.#conflationNotedAt = this.outbound.conflatedAt;
    this.note("conflated", `${this.outbound.discarded} updates left out so far`);
  }

  idleSeconds(now: number): number {
    return Math.max(0, now - (this.lastMessageAt ?? this.connectedAt)) / 1_000;
  }

  /** Seconds that the write under way has made no progress; 0 when none is. */
  stuckSeconds(now: number): number {
    return this.outbound.writingSince === 0 ? 0 : (now - this.outbound.writingSince) / 1_000;
  }

  /** Time since a ping went unanswered with nothing else coming in; 0 when none waits for its answer. */
  silentMs(now: number): number {
    if (this.pingSentAt === 0) return 0;
    return Math.max(0, now - Math.max(this.pingSentAt, this.lastHeardAt, this.ws.progressAt));
  }

  state(now: number, heartbeatTimeoutSeconds: number): ConnectionState {
    if (!this.open) return "closing";
    if (this.silentMs(now) > heartbeatTimeoutSeconds * 500) return "half_open";
    const conflated = this.outbound.conflatedAt > 0 && now - this.outbound.conflatedAt < conflatedWithinMs;
    return conflated || this.stuckSeconds(now) * 1_000 > slowAfterMs ? "slow" : "active";
  }

  row(nowMs: number, now: number, heartbeatTimeoutSeconds: number): ConnectionRow {
    return {
      id: this.id,
      remote_ip: this.remoteIp,
      remote_port: this.remotePort,
      user_agent: this.userAgent,
      connected_at_ms: this.connectedAtMs,
      idle_time: this.idleSeconds(now),
      last_message_at_ms: this.lastMessageAt === null ? null : Math.round(nowMs - (now - this.lastMessageAt)),
      rtt_ms: this.rttMs,
      subscriptions: this.subscriptions.size,
      messages_in_total: this.messagesIn,
      messages_out_total: this.messagesOut,
      bytes_in_total: this.bytesIn,
      bytes_out_total: this.bytesOut,
      buffered_bytes: this.outbound.bytes,
      dropped_total: this.outbound.discarded,
      state: this.state(now, heartbeatTimeoutSeconds),
    };
  }
}
