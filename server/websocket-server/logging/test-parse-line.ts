import type { LogLevel } from "../../process/logger";
import { lineHead, parseHead } from "./parse-head";

export interface ParsedLine {
  atMs: number;
  level: LogLevel;
  message: string;
  /** In the order of the line; every value as text. */
  fields: [name: string, value: string][];
}

const field = / ([\w.-]+)=(?:"((?:[^"\\]|\\.)*)"|([\w.:/@*+-]+))/y;

/** Takes apart what `formatLogLine` made; null for any other text. */
export function parseLine(text: string): ParsedLine | null {
  const { at_ms: atMs, level } = parseHead(text);
  if (atMs === null || level === null) return null;
  const start = (lineHead.exec(text)?.[0] ?? "").length;
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
