import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { bundle, serverCore } from "./contenders";
import type { Stage } from "./measure";
import { startPinned } from "./pinned-process";

const wantedRows = 100_000;
/** For what a process has open besides its sockets. */
const spareDescriptors = 500;
const socketsALoad = 50_000;
const probeRate = 200;

/** The longest delay of a push with and without somebody who reads all of GET /admin/connections. */
export async function measureListing({ contender, load, options, measured }: Stage): Promise<void> {
  const { port, dialect, adminUrl } = contender;
  const limit = descriptorLimit() - spareDescriptors;
  const rows = Math.min(options.rows ?? wantedRows, limit, socketsALoad);
  await load.tell("open", { port, dialect, count: 1, topics: ["bench.probe"], abreast: 1 });
  await load.tell("open", { port, dialect, count: rows, topics: [], abreast: 64 });
  await wait(1_000);
  const seconds = 2 * options.seconds;
  const probe = { topics: ["bench.probe"], subscribers: 1, rate: probeRate, seconds, stragglersMs: 1_000 };
  const quiet = await load.tell("steady", probe);
  let lists = 0;
  let bytes = 0;
  let reading = true;
  const reader = (async () => {
    for (const query of everyWay()) {
      if (!reading) return;
      const answer = await fetch(`${adminUrl}/admin/connections${query}`);
      for await (const chunk of answer.body ?? []) bytes += chunk.length;
      lists++;
    }
  })();
  const busy = await load.tell("steady", probe);
  reading = false;
  await reader;
  const { values, notes } = measured;
  const rowsAlone = await startPinned(serverCore, [bundle("bench-service"), "--part", "rows"], {});
  await rowsAlone.stop();
  values.rowsTurn = Number(rowsAlone.ready.longestMs);
  values.listingMax = busy.maxMs;
  values.listingDelay =
    busy.maxMs === null || quiet.maxMs === null ? null : Math.max(0, busy.maxMs - quiet.maxMs);
  notes.listingMax = `${rows.toLocaleString("en-US")} rows${rows < wantedRows ? ` (descriptors end at ${descriptorLimit()})` : ""}, ${lists} lists, ${Math.round(bytes / 1e6)} MB; p99 ${busy.p99Ms?.toFixed(1)} ms, without ${quiet.p99Ms?.toFixed(1)} ms`;
}

/** Unsorted and sorted by a number and by a text, over and over. */
function* everyWay(): Generator<string> {
  for (;;) yield* ["", "?sort=idle_time&order=desc", "?sort=id"];
}

function descriptorLimit(): number {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return line ? Number(line[1]) : Number.POSITIVE_INFINITY;
  } catch {
    return 10_000;
  }
}
