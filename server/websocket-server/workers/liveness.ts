/** A worker tells of itself once a second; this long without a word and it hangs. */
const hangsAfterMs = 3_000;
/** A worker that hangs for so long is of no use to its clients, and is replaced. */
const replacedAfterMs = 60_000;
/** Bytes that a worker has not taken at which it is replaced: what is kept for it must have an end. */
const largestBacklogBytes = 64 * 1_048_576;

export interface Sign {
  /** Since it was last heard. */
  silentMs: number;
  /** Said to it and not yet taken, without what it was given to begin with. */
  backlogBytes: number;
  /** It was asked for something that it stands still for. */
  standsStill: boolean;
}

/** Whether a worker answers, hangs, or must be replaced. */
export function judge({ silentMs, backlogBytes, standsStill }: Sign): "answers" | "hangs" | "lost" {
  if (backlogBytes > largestBacklogBytes) return "lost";
  if (silentMs > replacedAfterMs && !standsStill) return "lost";
  return silentMs > hangsAfterMs ? "hangs" : "answers";
}
