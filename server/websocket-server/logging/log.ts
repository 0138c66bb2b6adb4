import { createLogger, type Logger, type LogLevel } from "../../process/logger";
import type { Settings } from "../config/schema";
import { LogFile } from "./log-file";

/** The service's log: one line an event, to the file and, if so set, to the standard output. */
export class Log {
  readonly logger: Logger;
  readonly file: LogFile;
  lines = 0;

  constructor(settings: () => Settings) {
    const { "logging.file": file, "logging.stdout": stdout } = settings();
    this.file = new LogFile({
      file,
      maxBytes: settings()["logging.max_bytes"],
      keep: settings()["logging.keep"],
      compress: settings()["logging.compress"],
    });
    this.logger = createLogger(
      (line) => {
        this.lines++;
        this.file.write(line);
        if (stdout) process.stdout.write(`${line}\n`);
      },
      () => settings()["logging.level"].toUpperCase() as LogLevel,
    );
  }
}
