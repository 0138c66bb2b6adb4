/** Upper-case words as they stand in the log, in rising order of weight. */
export const logLevels = ["DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFields = Record<string, string | number | boolean | null | undefined>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a log line
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029"\\]/g;

/** Text that a client supplied, made unable to end a line, forge another or leave its quotes. */
export function escapeLogText(text: string): string {
  return text.replace(unsafe, (c) =>
    c === '"' || c === "\\" ? `\\${c}` : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function fieldText(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value);
  return /^[\w.:/@*+-]+$/.test(value) ? value : `"${escapeLogText(value)}"`;
}

/** One event as one line: `2026-11-23T08:15:02.123Z WARN  connection closed id=c-1 code=1006`. */
export function formatLogLine(level: LogLevel, message: string, fields: LogFields, atMs: number): string {
  let line = `${new Date(atMs).toISOString()} ${level.padEnd(5)} ${escapeLogText(message)}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${key}=${fieldText(value)}`;
  }
  return line;
}

/**
 * A logger that hands each line, without its line break, to `write`. `level` is asked at each event, so that
 * it can change while running.
 */
export function createLogger(write: (line: string) => void, level: () => LogLevel = () => "INFO"): Logger {
  const log =
    (at: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(at) >= logLevels.indexOf(level())) {
        write(formatLogLine(at, message, fields, Date.now()));
      }
    };
  return {
    debug: log("DEBUG"),
    info: log("INFO"),
    warn: log("WARN"),
    error: log("ERROR"),
    critical: log("CRITICAL"),
  };
}
