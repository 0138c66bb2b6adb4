/**
 * Why messages of a topic don't come: the numbers began anew (`epoch_changed`), the one asked for is further than
 * the topic is (`ahead`), it is no longer kept (`history_too_short`), all that was missed would overfill the
 * client's queue (`outbound_full`), or they never reached this instance (`messages_lost`).
 */
const gapReasons = ["epoch_changed", "ahead", "history_too_short", "outbound_full", "messages_lost"] as const;
export type GapReason = (typeof gapReasons)[number];

/** The topic's next message has the number after `toSeq`; of `fromSeq` to `toSeq` none comes. */
export interface Gap {
  topic: string;
  epoch: string;
  fromSeq: number;
  toSeq: number;
  reason: GapReason;
}

/** `gap` as clients see it. */
export function gapNotice({ topic, epoch, fromSeq, toSeq, reason }: Gap): Record<string, unknown> {
  return { op: "gap", topic, epoch, from_seq: fromSeq, to_seq: toSeq, reason };
}

/** Why the service ended a subscription, or did not begin one that a pattern asks for. */
const unsubscribedReasons = ["too_many_subscriptions", "cleaned_up"] as const;
export type UnsubscribedReason = (typeof unsubscribedReasons)[number];

/** `unsubscribed` as clients see it: no further update of the topic comes. */
export function unsubscribedNotice(topic: string, reason: UnsubscribedReason): Record<string, unknown> {
  return { op: "unsubscribed", topic, reason };
}
