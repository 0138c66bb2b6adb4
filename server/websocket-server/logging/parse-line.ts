import type { LogLine } from "../../../lib/contract/service-api";
import type { LogLevel } from "../../process/logger";

export interface ParsedLine {
  atMs: number;
  level: LogLevel;
  message: string;
  /** In the order of the line; every value as text. */
  fields: [name: string, value: string][];
}

const head = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (DEBUG|INFO |WARN |ERROR|CRITICAL) /;
const field = / ([\w.-]+)=(?:"((?:[^"\\]|\\.)*)"|([\w.:/@*+-]+))/y;

/** When a line was written and at which level; nulls for a line that this log did not write. */
export function parseHead(text: string): LogLine {
  const found = head.exec(text);
  const atMs = found === null ? Number.NaN : Date.parse(found[1] as string);
  if (found === null || Number.isNaN(atMs)) return { at_ms: null, level: null, text };
  return { at_ms: atMs, level: (found[2] as string).trimEnd(), text };
}

/** Takes apart what `formatLogLine` made; null for any other text. */
export function parseLine(text: string): ParsedLine | null {
  const { at_ms: atMs, level } = parseHead(text);
  if (atMs === null || level === null) return null;
  const start = (head.exec(text)?.[0] ?? "").length;
  const equals = text.indexOf("=", start);
  const end = equals === -1 ? text.length : text.lastIndexOf(" ", equals);
  if (end < start) return null;
  const fields: [string, string][] = [];
  field.lastIndex = end;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (found === null) return null;
    const [, name, quoted, bare] = found;
    fields.push([name as string, quoted === undefined ? (bare as string) : unescapeText(quoted)]);
  }
  return { atMs, level: level as LogLevel, message: unescapeText(text.slice(start, end)), fields };
}

function unescapeText(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4})|(.))/g, (_, code: string | undefined, literal: string) =>
    code === undefined ? literal : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
