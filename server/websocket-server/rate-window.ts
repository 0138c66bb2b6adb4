const seconds = 10;

/** Events a second over the newest ten whole seconds. Costs nothing while nothing happens. */
export class RateWindow {
  readonly #counts = new Float64Array(seconds + 1);
  #second = 0;
  #startedSecond = -1;

  add(nowMs: number, count = 1): void {
    const second = Math.floor(nowMs / 1_000);
    if (this.#startedSecond < 0) this.#startedSecond = second;
    this.#advance(second);
    const slot = second % (seconds + 1);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
  }

  /** Over the time since the first event while that is shorter than the window. */
  perSecond(nowMs: number): number {
    const second = Math.floor(nowMs / 1_000);
    if (this.#startedSecond < 0) return 0;
    this.#advance(second);
    const current = this.#counts[second % (seconds + 1)] ?? 0;
    const whole = this.#counts.reduce((sum, count) => sum + count, 0) - current;
    const covered = Math.min(seconds, second - this.#startedSecond);
    return covered > 0 ? whole / covered : current;
  }

  #advance(second: number): void {
    if (second - this.#second > seconds) this.#counts.fill(0);
    else for (let s = this.#second + 1; s <= second; s++) this.#counts[s % (seconds + 1)] = 0;
    if (second > this.#second) this.#second = second;
  }
}
