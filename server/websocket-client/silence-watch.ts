/** Calls `onSilent` once nothing was heard for a time; costs one timer, however much is heard. */
export class SilenceWatch {
  readonly #onSilent: () => void;
  #heardAt = 0;
  #longestMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(onSilent: () => void) {
    this.#onSilent = onSilent;
  }

  start(longestMs: number): void {
    this.stop();
    this.#longestMs = longestMs;
    this.heard();
    this.#wait(longestMs);
  }

  heard(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      if (this.#left() > 0) {
        this.#wait(this.#left());
        return;
      }
      // After a standstill of this very process what came meanwhile is read first.
      setImmediate(() => {
        if (this.#timer === null) return;
        if (this.#left() > 0) this.#wait(this.#left());
        else this.#onSilent();
      });
    }, ms);
    this.#timer.unref();
  }

  #left(): number {
    return this.#longestMs - (performance.now() - this.#heardAt);
  }
}
