import { type IntervalHistogram, monitorEventLoopDelay, performance } from "node:perf_hooks";

const resolutionMs = 20;

export interface EventLoopReading {
  delayP50Ms: number;
  delayP99Ms: number;
  delayMaxMs: number;
  utilization: number;
}

/** Delay and utilisation of this thread's event loop over the newest whole second. */
export class EventLoopMonitor {
  newest: EventLoopReading = { delayP50Ms: 0, delayP99Ms: 0, delayMaxMs: 0, utilization: 0 };
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #utilization = performance.eventLoopUtilization();
  #timer: NodeJS.Timeout | null = null;
  #firstDelayMs = 0;

  start(): void {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#read(), 1_000);
    this.#timer.unref();
  }

  stop(): void {
    this.#histogram.disable();
    if (this.#timer) clearInterval(this.#timer);
  }

  #read(): void {
    // The histogram holds whole intervals; what exceeds the interval is the delay.
    const delay = (ns: number) => (Number.isFinite(ns) ? Math.max(0, ns / 1e6 - resolutionMs) : 0);
    const empty = this.#histogram.count === 0;
    const now = performance.eventLoopUtilization();
    this.newest = {
      delayP50Ms: empty ? this.#firstDelayMs : delay(this.#histogram.percentile(50)),
      delayP99Ms: Math.max(this.#firstDelayMs, empty ? 0 : delay(this.#histogram.percentile(99))),
      delayMaxMs: Math.max(this.#firstDelayMs, empty ? 0 : delay(this.#histogram.max)),
      utilization: performance.eventLoopUtilization(now, this.#utilization).utilization,
    };
    this.#utilization = now;
    this.#histogram.reset();
    // A reset loses the interval that it falls into, so that one is timed by hand.
    this.#firstDelayMs = 0;
    const resetAt = performance.now();
    setTimeout(() => {
      this.#firstDelayMs = Math.max(0, performance.now() - resetAt - resolutionMs);
    }, resolutionMs).unref();
  }
}
