/** The service's answer to a request; `error` when it refused. */
export interface Answer {
  id: number;
  ok?: true;
  error?: { code: string; message: string };
  [field: string]: unknown;
}

interface Pending {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  /** Runs before any later message is looked at, unlike what waits for the promise. */
  onAnswer(answer: Answer): void;
  timer: NodeJS.Timeout;
}

/** Requests that wait for their answers, each for a limited time. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  readonly #most: number;
  readonly #timeoutMs: number;
  #lastId = 0;

  constructor(most: number, timeoutMs: number) {
    this.#most = most;
    this.#timeoutMs = timeoutMs;
  }

  /** `send` gets the new request's id. Rejects when too many wait, and when no answer comes in time. */
  add(send: (id: number) => void, onAnswer: (answer: Answer) => void): Promise<Answer> {
    if (this.#pending.size >= this.#most) return Promise.reject(new Error("too many requests under way"));
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Error(`no answer within ${this.#timeoutMs} ms`));
      }, this.#timeoutMs);
      this.#pending.set(id, { resolve, reject, onAnswer, timer });
      send(id);
    });
  }

  settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    pending.onAnswer(answer);
    pending.resolve(answer);
  }

  rejectAll(error: Error): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
  }
}
