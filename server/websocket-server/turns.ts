/** Work between two turns of the event loop; what else waits is delayed by no more than this and the turn itself. */
const budgetMs = 4;

/** Lets long work give the event loop its turn: `if (turns.due) await turns.next()` every few steps. */
export class Turns {
  readonly #now: () => number;
  #since: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  get due(): boolean {
    return this.#now() - this.#since >= budgetMs;
  }

  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = this.#now();
  }
}
