import type { LogLine } from "../../../lib/contract/service-api";
import { type LogLevel, logLevels } from "../../process/logger";

export interface LineFilter {
  /** This level and those above it, in lower case. */
  level?: string | undefined;
  q?: string | undefined;
  since_ms?: number | undefined;
  until_ms?: number | undefined;
}

/** Tells which lines fit. `q` is taken literally, so that no pattern can take long. */
export function createLineFilter(filter: LineFilter): (line: LogLine) => boolean {
  const least = filter.level === undefined ? 0 : logLevels.indexOf(filter.level.toUpperCase() as LogLevel);
  const part = filter.q?.toLowerCase();
  const { since_ms: since, until_ms: until } = filter;
  return ({ at_ms: atMs, level, text }) =>
    (least === 0 || (level !== null && logLevels.indexOf(level as LogLevel) >= least)) &&
    (since === undefined || (atMs !== null && atMs >= since)) &&
    (until === undefined || (atMs !== null && atMs <= until)) &&
    (part === undefined || text.toLowerCase().includes(part));
}
