import { isMainThread, workerData } from "node:worker_threads";
import { runBench } from "./console/bench";
import { makeLoad } from "./console/load";
import { servePeer } from "./console/peer";
import type { Part } from "./console/thread";

/** `npm run bench:console`. Its load and its peer are this same bundle in threads of their own. */
if (isMainThread) {
  await runBench(process.argv.slice(2).filter((word) => word !== "bench-console"));
} else {
  const part = workerData as Part;
  if (part.name === "load") makeLoad(part.visits);
  else servePeer(part.statsUrl);
}
