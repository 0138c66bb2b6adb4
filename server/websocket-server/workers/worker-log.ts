import { type LogFields, type Logger, type LogLevel, logLevels } from "../../process/logger";
import type { LogEntry } from "./messages";

/** Entries given up above so many that wait: a main process that hangs must not fill a worker's memory. */
const mostWaiting = 10_000;

/** The log of a worker: what happens within a turn of the event loop goes to the main process in one piece. */
export class WorkerLog {
  readonly logger: Logger;
  readonly #worker: string;
  readonly #level: () => LogLevel;
  readonly #send: (entries: LogEntry[]) => boolean;
  #waiting: LogEntry[] = [];
  #timer: NodeJS.Immediate | NodeJS.Timeout | null = null;
  #lost = 0;

  /** `send` answers false when the other side does not keep up: what it did not take is offered again. */
  constructor(worker: string, level: () => LogLevel, send: (entries: LogEntry[]) => boolean) {
    this.#worker = worker;
    this.#level = level;
    this.#send = send;
    const log = (at: LogLevel) => (message: string, fields?: LogFields) => this.#add(at, message, fields);
    this.logger = {
      debug: log("DEBUG"),
      info: log("INFO"),
      warn: log("WARN"),
      error: log("ERROR"),
      critical: log("CRITICAL"),
    };
  }

  /** Sends what waits. */
  flush(): void {
    this.#timer = null;
    if (this.#lost > 0 && this.#waiting.length < mostWaiting) {
      this.#waiting.push(["WARN", "log lines lost", { lines: this.#lost, worker: this.#worker }]);
      this.#lost = 0;
    }
    if (this.#waiting.length === 0) return;
    if (this.#send(this.#waiting)) this.#waiting = [];
    else this.#timer = setTimeout(() => this.flush(), 100).unref();
  }

  #add(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (logLevels.indexOf(level) < logLevels.indexOf(this.#level())) return;
    if (this.#waiting.length >= mostWaiting) {
      this.#lost++;
      return;
    }
    this.#waiting.push([level, message, { ...fields, worker: this.#worker }]);
    this.#timer ??= setImmediate(() => this.flush());
  }
}
