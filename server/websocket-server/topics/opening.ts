import { type Batch, batchOf } from "../outbound/batch";
import type { KeptMessage } from "./history";
import type { Gap, GapReason } from "./notices";
import type { Topic } from "./topic";

/** The last message that a client saw of a topic. */
export interface Since {
  epoch: string;
  seq: number;
}

/** What someone who has just come gets before the updates. */
export interface Opening {
  batches: Batch[];
  bytes: number;
  /** Messages after `since`, all of them; null without `since` and with a gap. */
  replayed: number | null;
  gap: Gap | null;
}

export interface OpeningOptions {
  epoch: string;
  since: Since | null;
  /** Bytes that may be queued for the client. */
  room: number;
  /** Whether the last value is sent even where there is no room. */
  valueAlways: boolean;
}

/**
 * The last value, or what was missed since a point: all of it or, after a gap, the last value. What is replayed
 * names no topic to the outbound queue: it is never conflated, which is why it must fit in.
 */
export function openingOf(topic: Topic, options: OpeningOptions): Opening {
  const { epoch, since, room } = options;
  if (since !== null) {
    const missed = missedSince(topic, epoch, since);
    if (typeof missed === "string") return openingAfterGap(topic, options, missed);
    const bytes = missed.reduce((sum, message) => sum + message.bytes, 0);
    if (bytes > room && missed.length > 0) return openingAfterGap(topic, options, "outbound_full");
    const batches = missed.map((message) =>
      batchOf([{ frame: topic.frameOf(message), topic: null, acceptedAt: null }]),
    );
    return { batches, bytes, replayed: missed.length, gap: null };
  }
  const last = topic.lastValue();
  if (last === null) return { batches: [], bytes: 0, replayed: null, gap: null };
  if (last.buffer.length > room && !options.valueAlways) {
    return openingAfterGap(topic, options, "outbound_full");
  }
  return { batches: [last], bytes: last.buffer.length, replayed: null, gap: null };
}

function missedSince(topic: Topic, epoch: string, since: Since): readonly KeptMessage[] | GapReason {
  if (since.epoch !== epoch) return "epoch_changed";
  if (since.seq > topic.seq) return "ahead";
  if (since.seq === topic.seq) return [];
  if (since.seq === topic.seq - 1 && topic.last !== null) return [topic.last];
  return topic.history.after(since.seq) ?? "history_too_short";
}

function openingAfterGap(
  topic: Topic,
  { epoch, since, room, valueAlways }: OpeningOptions,
  reason: GapReason,
): Opening {
  const last = topic.lastValue();
  const value = last !== null && (valueAlways || last.buffer.length <= room) ? last : null;
  const seen = since !== null && since.epoch === epoch && since.seq <= topic.seq ? since.seq : 0;
  const toSeq = value === null ? topic.seq : topic.seq - 1;
  // Without a point to go on from, only the value that was left out is missing.
  const fromSeq = since === null ? topic.seq : seen + 1;
  return {
    batches: value === null ? [] : [value],
    bytes: value?.buffer.length ?? 0,
    replayed: null,
    gap: { topic: topic.name, epoch, fromSeq, toSeq, reason },
  };
}
