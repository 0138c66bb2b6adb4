import type { serviceRoutes } from "../../../lib/contract/routes";
import type { Logs, LogsQuery } from "../../../lib/contract/service-api";
import { CodedError } from "../../../lib/errors";
import { LineSearch } from "../logging/line-search";
import type { Log } from "../logging/log";
import { maxStreams } from "../logging/log-streams";
import { newestLines } from "../logging/newest-lines";
import type { Handler } from "./handler";

type Routes = typeof serviceRoutes;

/** Questions about the log at one time: each may read a good deal. */
const maxReadings = 4;
const readings = new WeakMap<Log, number>();

export const logs: Handler<Routes["logs"]> = async ({ service: { log }, query }) => {
  const running = readings.get(log) ?? 0;
  if (running >= maxReadings) throw new CodedError("TOO_MANY_REQUESTS", "the log is being read by others");
  readings.set(log, running + 1);
  try {
    return await readLog(log, query);
  } finally {
    readings.set(log, (readings.get(log) ?? 1) - 1);
  }
};

export const logStream: Handler<Routes["logStream"]> = ({ service: { log }, query, http }) => {
  const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
  if (http.req.method === "HEAD") return new Response(null, { headers });
  if (log.streams.size >= maxStreams) {
    throw new CodedError("TOO_MANY_REQUESTS", `${maxStreams} readers follow the log already`);
  }
  return new Response(log.streams.open(query, http.req.header("last-event-id")), { headers });
};

export const rotateLogs: Handler<Routes["rotateLogs"]> = ({ service: { log } }) => log.file.rotate();

async function readLog(log: Log, query: LogsQuery): Promise<Logs> {
  const limit = query.limit ?? 200;
  const file = log.file.path;
  await log.file.flushed();
  if (!log.file.failing) {
    const found = await newestLines(file, log.file.rotated, query, limit).catch(() => null);
    if (found !== null) return { file, lines: found.lines, more: found.more, from: "file" };
  }
  const recent = log.recent.all();
  const search = new LineSearch(query, limit, Number.POSITIVE_INFINITY);
  search.look(recent.map(({ text }) => text).reverse(), 0);
  const { lines, more } = search.answer();
  return { file, lines, more: more || (recent[0]?.number ?? 1) > 1, from: "memory" };
}
