import type { DataSource as SourceStatus } from "../../../lib/contract/service-api";
import type { Logger } from "../../process/logger";
import type { DataSource, Publish } from "./source";

/** One line a source and this long: publishing shows in the log without flooding it. */
const summaryEveryMs = 10_000;

/** The data sources that run, and what they did. */
export class Sources {
  readonly #sources: DataSource[];
  readonly #logger: Logger;
  readonly #logged = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(sources: DataSource[], logger: Logger) {
    this.#sources = sources;
    this.#logger = logger;
  }

  covers(topic: string): boolean {
    return this.#sources.some((source) => source.covers(topic));
  }

  start(publish: Publish): void {
    for (const source of this.#sources) source.start(publish);
    this.#logSummary();
    this.#timer = setInterval(() => this.#logSummary(), summaryEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    for (const source of this.#sources) source.stop();
  }

  statuses(nowMs: number): SourceStatus[] {
    return this.#sources.map((source) => source.status(nowMs));
  }

  #logSummary(): void {
    for (const status of this.statuses(Date.now())) {
      const before = this.#logged.get(status.name) ?? 0;
      this.#logged.set(status.name, status.messages_total);
      this.#logger.info("publish", {
        source: status.name,
        state: status.state,
        messages: status.messages_total - before,
        topics: status.topics,
      });
    }
  }
}
