/** What the load client asks of a peer: the data service's own requests. */
export type PeerRequest = TopicRequest | { op: "ping"; id: number };
export type TopicRequest =
  | { op: "subscribe"; topic: string }
  | { op: "publish"; topic: string; data: unknown; id?: number };

/** Gives a message the envelope of the data service, so that every contender delivers the same text. */
export function sequencer(): (request: { topic: string; data?: unknown }) => { topic: string; seq: number } {
  const seqs = new Map<string, number>();
  return ({ topic, data }) => {
    const seq = (seqs.get(topic) ?? 0) + 1;
    seqs.set(topic, seq);
    return { topic, seq, ts: Date.now(), data };
  };
}

export function sayReady(websocketPort: number): void {
  process.on("disconnect", () => process.exit(0));
  process.send?.({ type: "ready", websocketPort });
}
