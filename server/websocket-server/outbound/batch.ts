/** One frame on its way to clients; shared by all of them. */
export interface OutboundMessage {
  frame: Buffer;
  /** The topic whose newer value may replace it; null for answers, which are never left out. */
  topic: string | null;
  /** When it was accepted, on the monotonic clock; null when its delay is no push latency. */
  acceptedAt: number | null;
}

/** Frames that leave in one piece. One batch is shared by every connection that gets the same frames. */
export interface Batch {
  readonly messages: readonly OutboundMessage[];
  readonly buffer: Buffer;
}

export function batchOf(messages: readonly OutboundMessage[]): Batch {
  const [first] = messages;
  const buffer =
    messages.length === 1 && first ? first.frame : Buffer.concat(messages.map((message) => message.frame));
  return { messages, buffer };
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
