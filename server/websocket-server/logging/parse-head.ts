import type { LogLine } from "../../../lib/contract/service-api";

/** What each line of this log begins with. */
export const lineHead = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (DEBUG|INFO |WARN |ERROR|CRITICAL) /;

/** When a line was written and at which level; nulls for a line that this log did not write. */
export function parseHead(text: string): LogLine {
  const found = lineHead.exec(text);
  const atMs = found === null ? Number.NaN : Date.parse(found[1] as string);
  if (found === null || Number.isNaN(atMs)) return { at_ms: null, level: null, text };
  return { at_ms: atMs, level: (found[2] as string).trimEnd(), text };
}
