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

/** Bytes of a line at most, its line break not counted; what does not fit is left out and told. */
export const maxLineBytes = 16_384;
/** Room for the mark that tells of fields left out. */
const maxFieldsBytes = maxLineBytes - 32;
/** Characters of one text at most: a stack trace fits, and the longest escape leaves room for other fields. */
const maxTextLength = 2_000;

/**
 * What must not reach a log line as it is: control characters, line and paragraph separators, marks that turn the
 * direction of text or are not seen, halves of surrogate pairs, and what quotes and escapes are made of.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]/gu;

/** Text that a client supplied, made unable to end a line, forge another or leave its quotes. */
export function escapeLogText(text: string): string {
  return shorten(text).replace(unsafe, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  let escaped = "";
  for (let i = 0; i < character.length; i++) {
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}

function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

const bare = /^[\w.:/@*+-]+$/;

function fieldText(value: string | number | boolean | null): string {
  const text = String(value);
  if (typeof value !== "string") return text;
  return text.length <= maxTextLength && bare.test(text) ? text : `"${escapeLogText(text)}"`;
}

/** A message holds no `=`, so that the first one in a line belongs to its first field. */
function messageText(message: string): string {
  return escapeLogText(message).replaceAll("=", "\\u003d");
}

/** A name that can't be taken for anything else; names are the program's own and hardly ever change here. */
export function fieldName(key: string): string {
  const name = key.replace(/[^\w.-]/g, "_").slice(0, 64);
  return name === "" ? "_" : name;
}

/** Messages and names are mostly the program's own few. */
const knownMessage = remembered(messageText);
const knownName = remembered(fieldName);

function remembered(make: (text: string) => string): (text: string) => string {
  const made = new Map<string, string>();
  return (text) => {
    let result = made.get(text);
    if (result === undefined) {
      result = make(text);
      if (made.size < 200 && text.length <= 100) made.set(text, result);
    }
    return result;
  };
}

function cutLine(head: string, fields: LogFields): string {
  let line = head;
  let bytes = Buffer.byteLength(line);
  let leftOut = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const field = ` ${fieldName(key)}=${fieldText(value)}`;
    bytes += Buffer.byteLength(field);
    if (leftOut > 0 || bytes > maxFieldsBytes) leftOut++;
    else line += field;
  }
  return leftOut === 0 ? line : `${line} fields_left_out=${leftOut}`;
}

/** One event as one line: `2026-11-23T08:15:02.123Z WARN  connection closed id=c-1 code=1006`. */
export function formatLogLine(level: LogLevel, message: string, fields: LogFields, atMs: number): string {
  const head = `${new Date(atMs).toISOString()} ${level.padEnd(5)} ${knownMessage(message)}`;
  let line = head;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value !== undefined) line += ` ${knownName(key)}=${fieldText(value)}`;
  }
  // No character takes more than three bytes for each of its units.
  return line.length * 3 <= maxFieldsBytes ? line : cutLine(head, fields);
}

/**
 * A logger that hands each line, without its line break, to `write`. `level` is asked at each event, so that
 * it can change while running.
 */
export function createLogger(write: (line: string) => void, level: () => LogLevel = () => "INFO"): Logger {
  const log =
    (at: LogLevel, weight = logLevels.indexOf(at)) =>
    (message: string, fields: LogFields = {}) => {
      if (weight >= logLevels.indexOf(level())) {
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
