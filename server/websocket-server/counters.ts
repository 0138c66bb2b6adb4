import { Histogram } from "./histogram";

export type CloseSide = "client" | "server" | "lost";

/** What the service counts while it runs; the one place that /stats and /metrics are made from. */
export class Counters {
  opened = 0;
  closed = 0;
  heartbeatTimeouts = 0;
  readonly closedByCode = new Map<number, number>();
  readonly closedBySide: Record<CloseSide, number> = { client: 0, server: 0, lost: 0 };
  readonly refusedByReason = new Map<string, number>();

  messagesIn = 0;
  bytesIn = 0;
  /** Text frames, and their bytes, that the kernel has taken. */
  messagesOut = 0;
  bytesOut = 0;
  rejected = 0;
  /** Discarded unsent with a connection that ended. */
  dropped = 0;
  /** Replaced unsent by a newer value of the same topic. */
  conflated = 0;
  /** Accepted for a client and not yet taken by the kernel. */
  queuedMessages = 0;
  queuedBytes = 0;

  subscribed = 0;
  unsubscribed = 0;
  activeSubscriptions = 0;
  /** Subscriptions that named a point and got everything after it. */
  recovered = 0;
  /** `gap` messages sent. */
  gaps = 0;

  cacheHits = 0;
  cacheMisses = 0;

  readonly pushLatency = new Histogram();
  readonly rtt = new Histogram();

  get refused(): number {
    let sum = 0;
    for (const count of this.refusedByReason.values()) sum += count;
    return sum;
  }

  refuse(reason: string): void {
    this.refusedByReason.set(reason, (this.refusedByReason.get(reason) ?? 0) + 1);
  }

  close(code: number, side: CloseSide): void {
    this.closed++;
    this.closedBySide[side]++;
    this.closedByCode.set(code, (this.closedByCode.get(code) ?? 0) + 1);
  }
}
