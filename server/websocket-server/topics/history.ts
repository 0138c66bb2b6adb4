/**
 * A message that is kept, as what its frame is made of: a frame would hold the 8 KiB that it was cut from or, in
 * memory of its own, three times what the text takes.
 */
export interface KeptMessage {
  readonly seq: number;
  readonly atMs: number;
  /** JSON text. */
  readonly data: string;
  /** Of its frame. */
  readonly bytes: number;
}

export interface HistoryLimits {
  /** Of one topic. */
  messages: number;
  seconds: number;
  /** Of all topics together, `entryBytes` a message included. */
  maxBytes: number;
}

/** About what keeping a message costs besides its frame. */
export const entryBytes = 200;

/** A kept message; linked to its neighbours in time over all topics, and to the next one of its topic. */
interface Entry {
  readonly message: KeptMessage;
  readonly owner: TopicHistory;
  older: Entry | null;
  newer: Entry | null;
  next: Entry | null;
}

/**
 * The newest messages of all topics. What is oldest over all topics
 * goes first when there are too many bytes, so that a loud topic can't take the memory of the others for long.
 */
export class History {
  messages = 0;
  /** Of frames. */
  bytes = 0;
  readonly #readLimits: () => HistoryLimits;
  #limits: HistoryLimits;
  #oldest: Entry | null = null;
  #newest: Entry | null = null;

  constructor(limits: () => HistoryLimits) {
    this.#readLimits = limits;
    this.#limits = limits();
  }

  /** Keeps what follows the newest message of `owner`. */
  add(owner: TopicHistory, message: KeptMessage): void {
    const { messages: most, maxBytes } = this.#limits;
    const entry: Entry = { message, owner, older: this.#newest, newer: null, next: null };
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
    if (owner.newest) owner.newest.next = entry;
    else owner.oldest = entry;
    owner.newest = entry;
    owner.messages++;
    owner.bytes += message.bytes;
    this.messages++;
    this.bytes += message.bytes;
    while (owner.messages > most) this.#dropOldestOf(owner);
    this.#keepWithin(maxBytes);
  }

  /** Lets go of what is older than the limit, and of what the limits, which are read anew, no longer hold. */
  expire(nowMs: number): void {
    const { messages: mostBefore } = this.#limits;
    this.#limits = this.#readLimits();
    const { messages: most, seconds, maxBytes } = this.#limits;
    const before = nowMs - seconds * 1_000;
    while (this.#oldest && this.#oldest.message.atMs < before) this.#dropOldestOf(this.#oldest.owner);
    this.#keepWithin(maxBytes);
    if (most >= mostBefore) return;
    for (let entry = this.#oldest; entry; entry = entry.newer) {
      if (entry.owner.messages > most) this.#dropOldestOf(entry.owner);
    }
  }

  clear(owner: TopicHistory): void {
    while (owner.oldest) this.#dropOldestOf(owner);
  }

  #keepWithin(maxBytes: number): void {
    while (this.#oldest && this.bytes + this.messages * entryBytes > maxBytes) {
      this.#dropOldestOf(this.#oldest.owner);
    }
  }

  #dropOldestOf(owner: TopicHistory): void {
    const entry = owner.oldest;
    if (entry === null) return;
    owner.oldest = entry.next;
    if (owner.oldest === null) owner.newest = null;
    if (entry.older) entry.older.newer = entry.newer;
    else this.#oldest = entry.newer;
    if (entry.newer) entry.newer.older = entry.older;
    else this.#newest = entry.older;
    const size = entry.message.bytes;
    owner.messages--;
    owner.bytes -= size;
    this.messages--;
    this.bytes -= size;
  }
}

/** The part of the history that is one topic's: numbers without a hole. */
export class TopicHistory {
  messages = 0;
  /** Of frames. */
  bytes = 0;
  oldest: Entry | null = null;
  newest: Entry | null = null;

  /** Every message after number `seq`, oldest first; null when one of them is not kept. */
  after(seq: number): KeptMessage[] | null {
    if (this.oldest === null || this.oldest.message.seq > seq + 1) return null;
    const messages: KeptMessage[] = [];
    for (let entry: Entry | null = this.oldest; entry; entry = entry.next) {
      if (entry.message.seq > seq) messages.push(entry.message);
    }
    return messages;
  }
}
