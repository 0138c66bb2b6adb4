/** The last message seen of a topic. */
export interface Seen {
  epoch: string;
  seq: number;
}

/** Messages of a topic that this client never gets: `fromSeq` to `toSeq`, none when a new epoch merely begins. */
export interface Gap {
  topic: string;
  epoch: string;
  fromSeq: number;
  toSeq: number;
  /** As the service says it; `conflated` for a hole without a word: newer values took the place of older ones. */
  reason: string;
}

interface View extends Seen {
  /** Whether a message has come; before it `seq` is only where the topic stood when it was subscribed to. */
  begun: boolean;
}

export interface ViewsOptions {
  /** Topics remembered; those that were begun first are given up. */
  most: number;
  onGap(gap: Gap): void;
}

/** Watches the numbers of every topic, so that each message is proven to follow the one before or a gap is told. */
export class Views {
  /** Of the connection: messages carry none. */
  epoch = "";
  readonly #options: ViewsOptions;
  readonly #views = new Map<string, View>();

  constructor(options: ViewsOptions) {
    this.#options = options;
  }

  /** Null before the first message. */
  seen(topic: string): Seen | null {
    const view = this.#views.get(topic);
    return view?.begun ? { epoch: view.epoch, seq: view.seq } : null;
  }

  *entries(): Generator<[topic: string, seen: Seen]> {
    for (const [topic, { epoch, seq, begun }] of this.#views) if (begun) yield [topic, { epoch, seq }];
  }

  /** A topic stands at `seq`; what was seen of it before goes on when `keep`. */
  begin(topic: string, seq: number, keep: boolean): void {
    if (keep && this.#views.get(topic)?.begun) return;
    this.#set(topic, { epoch: this.epoch, seq, begun: false });
  }

  resume(topic: string, seen: Seen): void {
    this.#set(topic, { ...seen, begun: true });
  }

  /** False for what was seen already. */
  take(topic: string, seq: number): boolean {
    const view = this.#views.get(topic);
    if (view === undefined) {
      this.#set(topic, { epoch: this.epoch, seq, begun: true });
      return true;
    }
    if (view.epoch !== this.epoch) {
      this.#tell(topic, 1, seq - 1, "epoch_changed");
      view.epoch = this.epoch;
    } else if (view.begun ? seq <= view.seq : seq < view.seq) {
      return false;
    } else if (seq > view.seq + 1) {
      this.#tell(topic, view.seq + 1, seq - 1, "conflated");
    }
    view.seq = seq;
    view.begun = true;
    return true;
  }

  /** What the service told as a gap; false when it only names what was seen already. */
  takeGap({ topic, epoch, fromSeq, toSeq, reason }: Gap): boolean {
    this.epoch = epoch;
    const view = this.#views.get(topic);
    const anew = view === undefined || view.epoch !== epoch || reason === "ahead";
    if (!anew && toSeq <= view.seq) return false;
    this.#tell(topic, anew ? fromSeq : Math.max(fromSeq, view.seq + 1), toSeq, reason);
    this.#set(topic, { epoch, seq: toSeq, begun: true });
    return true;
  }

  keepOnly(wanted: (topic: string) => boolean): void {
    for (const topic of this.#views.keys()) if (!wanted(topic)) this.#views.delete(topic);
  }

  forget(topic: string): void {
    this.#views.delete(topic);
  }

  #tell(topic: string, fromSeq: number, toSeq: number, reason: string): void {
    this.#options.onGap({ topic, epoch: this.epoch, fromSeq, toSeq, reason });
  }

  #set(topic: string, view: View): void {
    this.#views.delete(topic);
    this.#views.set(topic, view);
    if (this.#views.size <= this.#options.most) return;
    for (const oldest of this.#views.keys()) {
      this.#views.delete(oldest);
      return;
    }
  }
}
