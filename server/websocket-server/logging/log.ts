import { createLogger, type Logger, type LogLevel } from "../../process/logger";
import type { Settings } from "../config/schema";
import { GatheredLines } from "./gathered-lines";
import { LogFile } from "./log-file";
import { LogStreams } from "./log-streams";
import { RecentLines } from "./recent-lines";
import { StandardOutput } from "./standard-output";

/**
 * The service's log: one line an event, to the file, to whoever reads along and, if so set, to the standard output.
 * What makes lines needs only a function that takes them, `write`, which may as well be the other end of a channel.
 */
export class Log {
  readonly logger: Logger;
  readonly file: LogFile;
  readonly recent = new RecentLines();
  readonly streams = new LogStreams(this.recent);
  lines = 0;
  readonly #stdout: StandardOutput | null;
  readonly #toStdout = new GatheredLines((text, lines) => this.#stdout?.write(text, lines));
  readonly #onExit = () => {
    this.#toStdout.flush();
    this.file.writeNow();
  };

  constructor(settings: () => Settings) {
    const { "logging.file": file, "logging.stdout": stdout } = settings();
    this.#stdout = stdout ? new StandardOutput() : null;
    this.logger = createLogger(
      (line) => this.write(line),
      () => settings()["logging.level"].toUpperCase() as LogLevel,
    );
    this.file = new LogFile({
      file,
      maxBytes: settings()["logging.max_bytes"],
      keep: settings()["logging.keep"],
      compress: settings()["logging.compress"],
      onTrouble: (what, error) => this.logger.warn(what, { error: String(error) }),
      onRecovered: (lost, late) => this.logger.warn(`log written again, ${lost} lines lost`, { lost, late }),
    });
    process.once("exit", this.#onExit);
  }

  /** Takes a line as `formatLogLine` makes it. */
  write(text: string): void {
    this.lines++;
    const line = { number: this.lines, text };
    this.recent.add(line);
    this.file.write(text);
    if (this.#stdout !== null) this.#toStdout.add(text);
    this.streams.send(line);
  }

  async close(): Promise<void> {
    await this.streams.end();
    await this.file.close();
    process.off("exit", this.#onExit);
    this.#toStdout.flush();
    this.#stdout?.close();
  }
}
