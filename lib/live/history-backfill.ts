import type { SeriesWindow } from "../contract/console-api";
import type { MetricName, SeriesKey } from "../contract/metrics";

const keysPerRequest = 50;
/** Charts that appear together ask together. */
const gatherMs = 20;

export interface HistoryBackfillOptions {
  fetchHistory(keys: string[], metrics: MetricName[]): Promise<SeriesWindow>;
  /** null when the console could not be asked: live rows go on without what came before. */
  onWindow(window: SeriesWindow | null): void;
}

/** Asks once for the samples from before a page was opened, of each series and metric that a chart wants. */
export class HistoryBackfill {
  private readonly options: HistoryBackfillOptions;
  private readonly wanted = new Map<string, Set<MetricName>>();
  private readonly asked = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HistoryBackfillOptions) {
    this.options = options;
  }

  want(key: SeriesKey, metrics: readonly MetricName[]): void {
    const names = this.wanted.get(key) ?? new Set();
    this.wanted.set(key, names);
    for (const name of metrics) names.add(name);
    this.plan();
  }

  /** For when rows were missed: all that is wanted is asked for once more. */
  askAgain(): void {
    this.asked.clear();
    this.plan();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private plan(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.ask();
    }, gatherMs);
  }

  private async ask(): Promise<void> {
    for (const { keys, metrics } of this.missing()) {
      for (let i = 0; i < keys.length; i += keysPerRequest) {
        const some = keys.slice(i, i + keysPerRequest);
        try {
          this.options.onWindow(await this.options.fetchHistory(some, metrics));
        } catch {
          // The next page that wants these asks again.
          for (const key of some) for (const name of metrics) this.asked.delete(nameOf(key, name));
          this.options.onWindow(null);
        }
      }
    }
  }

  /** Series that lack the same metrics travel in one request. */
  private missing(): { keys: string[]; metrics: MetricName[] }[] {
    const groups = new Map<string, { keys: string[]; metrics: MetricName[] }>();
    for (const [key, names] of this.wanted) {
      const metrics = [...names].filter((name) => !this.asked.has(nameOf(key, name)));
      if (metrics.length === 0) continue;
      for (const name of metrics) this.asked.add(nameOf(key, name));
      const group = groups.get(metrics.join());
      if (group) group.keys.push(key);
      else groups.set(metrics.join(), { keys: [key], metrics });
    }
    return [...groups.values()];
  }
}

const nameOf = (key: string, metric: MetricName) => `${key} ${metric}`;
