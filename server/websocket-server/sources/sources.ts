import type { DataSource as SourceStatus } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import { DataSource, type DataSourceOptions } from "./data-source";
import type { Feed, Publish } from "./source";

/** One line a source and this long: publishing shows in the log without flooding it. */
const summaryEveryMs = 10_000;

/** Which of several instances runs a source; the others stand by. */
export interface Lease {
  own(name: string): boolean;
  /** `listener` runs whenever `own` may answer differently. */
  onChange(listener: () => void): void;
}

export interface SourcesOptions extends DataSourceOptions {
  /** Without one, every source runs here. */
  lease?: Lease | undefined;
}

/** The data sources, and what they did. */
export class Sources {
  readonly #sources: DataSource[];
  readonly #options: SourcesOptions;
  readonly #logged = new Map<string, { messages: number; errors: number }>();
  #publish: Publish | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(feeds: Feed[], options: SourcesOptions) {
    this.#options = options;
    this.#sources = feeds.map(
      (feed) => new DataSource(feed, (topic, data) => this.#publish?.(topic, data, feed.name), options),
    );
  }

  covers(topic: string): boolean {
    return this.#sources.some((source) => source.covers(topic));
  }

  async start(publish: Publish): Promise<void> {
    this.#publish = publish;
    this.#options.lease?.onChange(() => {
      if (this.#publish !== null) void this.#followLease();
    });
    this.#timer = setInterval(() => this.#logSummary(), summaryEveryMs);
    this.#timer.unref();
    await this.#followLease();
    this.#logSummary();
  }

  async stop(): Promise<void> {
    this.#publish = null;
    if (this.#timer) clearInterval(this.#timer);
    await Promise.all(this.#sources.map((source) => source.rest("stopped")));
  }

  /** Ends the source's connection and makes a new one. Throws UNKNOWN_SOURCE, and SHUTTING_DOWN after a stop. */
  async restart(name: string): Promise<SourceStatus> {
    const source = this.#sources.find((each) => each.name === name);
    if (source === undefined) throw new CodedError("UNKNOWN_SOURCE", "no such data source", { source: name });
    if (this.#publish === null) throw new CodedError("SHUTTING_DOWN", "the service is stopping");
    await source.restart();
    return source.status(Date.now());
  }

  statuses(nowMs: number): SourceStatus[] {
    return this.#sources.map((source) => source.status(nowMs));
  }

  async #followLease(): Promise<void> {
    const { lease } = this.#options;
    await Promise.all(
      this.#sources.map((source) =>
        lease === undefined || lease.own(source.name) ? source.start() : source.rest("standby"),
      ),
    );
  }

  #logSummary(): void {
    for (const status of this.statuses(Date.now())) {
      const before = this.#logged.get(status.name) ?? { messages: 0, errors: 0 };
      this.#logged.set(status.name, { messages: status.messages_total, errors: status.errors_total });
      const errors = status.errors_total - before.errors;
      this.#options.logger.info("publish", {
        source: status.name,
        state: status.state,
        messages: status.messages_total - before.messages,
        topics: status.topics,
        ...(errors > 0 ? { errors, last_error: status.last_error } : {}),
      });
    }
  }
}
