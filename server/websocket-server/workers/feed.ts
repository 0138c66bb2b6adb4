import { keptMessages } from "../topics/kept-messages";
import type { SequencedMessage, TopicsNotice } from "../topics/sequencer";
import type { Topics } from "../topics/topics";
import { fromMachineClock, toMachineClock } from "./machine-clock";
import { type Peer, tellFrame } from "./peer";

/** A message without its keys' names. */
type Row = [epoch: string, topic: string, seq: number, atMs: number, data: string, acceptedAt: number | null];

/** Rows sent in one piece to a worker that begins, so that it gets to its other work in between. */
const rowsAPiece = 1_000;

/** Hands what the sequencer places to every worker: once a turn of the event loop, encoded once for all. */
export class Feed {
  readonly #peers = new Set<Peer>();
  #waiting: Row[] = [];

  add(messages: readonly SequencedMessage[]): void {
    if (this.#peers.size === 0) return;
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    for (const message of messages) this.#waiting.push(rowOf(message));
  }

  /** `peer` gets all that the topics hold at this moment, and everything after it. */
  join(peer: Peer, topics: Topics): void {
    this.#flush();
    const heed = (notice: TopicsNotice) => peer.tell("feed", "heed", notice);
    heed({ kind: "epoch", epoch: topics.epoch });
    const { messages, withoutValue } = keptMessages(topics);
    for (let i = 0; i < messages.length; i += rowsAPiece) {
      peer.write(tellFrame("feed", "take", messages.slice(i, i + rowsAPiece).map(rowOf)));
    }
    if (withoutValue.length > 0) heed({ kind: "forget", topics: withoutValue });
    this.#peers.add(peer);
  }

  leave(peer: Peer): void {
    this.#peers.delete(peer);
  }

  /** In order with the messages. */
  heed(notice: TopicsNotice): void {
    this.#flush();
    for (const peer of this.#peers) peer.tell("feed", "heed", notice);
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    const frame = tellFrame("feed", "take", this.#waiting);
    this.#waiting = [];
    for (const peer of this.#peers) peer.write(frame);
  }
}

/** The worker's end: `expose` it as `feed`. */
export function feedTarget(
  apply: (messages: readonly SequencedMessage[]) => void,
  heed: (notice: TopicsNotice) => void,
) {
  return {
    take: (rows: readonly Row[]) => apply(rows.map(messageOf)),
    heed,
  };
}

function rowOf({ epoch, topic, seq, atMs, data, acceptedAtMs }: SequencedMessage): Row {
  return [epoch, topic, seq, atMs, data, acceptedAtMs === null ? null : toMachineClock(acceptedAtMs)];
}

function messageOf([epoch, topic, seq, atMs, data, acceptedAt]: Row): SequencedMessage {
  return {
    epoch,
    topic,
    seq,
    atMs,
    data,
    acceptedAtMs: acceptedAt === null ? null : fromMachineClock(acceptedAt),
  };
}
