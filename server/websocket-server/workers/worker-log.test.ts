import { expect, test } from "vitest";
import { until } from "../../testing/until";
import type { LogEntry } from "./messages";
import { WorkerLog } from "./worker-log";

test("lines of one turn go in one piece, each with its worker, those below the level not at all", async () => {
  const sent: LogEntry[][] = [];
  const log = new WorkerLog(
    "worker-1",
    () => "INFO",
    (entries) => sent.push(entries) > 0,
  );
  log.logger.debug("subscribed");
  log.logger.info("connection opened", { id: "c-1" });
  log.logger.warn("connection refused");
  await until("they are sent", () => sent.length > 0);
  expect(sent).toEqual([
    [
      ["INFO", "connection opened", { id: "c-1", worker: "worker-1" }],
      ["WARN", "connection refused", { worker: "worker-1" }],
    ],
  ]);
});

test("a main process that takes nothing costs lines, not memory, and they are told of", () => {
  const sent: LogEntry[] = [];
  let takes = false;
  const log = new WorkerLog(
    "worker-1",
    () => "INFO",
    (entries) => {
      if (takes) sent.push(...entries);
      return takes;
    },
  );
  for (let n = 0; n < 10_500; n++) log.logger.info("connection opened", { n });
  log.flush();
  expect(sent).toHaveLength(0);
  takes = true;
  log.flush();
  expect(sent).toHaveLength(10_000);
  log.flush();
  expect(sent.at(-1)).toEqual(["WARN", "log lines lost", { lines: 500, worker: "worker-1" }]);
});
