import { availableParallelism, loadavg, tmpdir } from "node:os";
import type { serviceRoutes } from "../../../lib/contract/routes";
import { readClock } from "../host/clock";
import { mergeDescriptors } from "../host/descriptors";
import { readDisks } from "../host/disks";
import { factOf } from "../host/fact";
import { readMachineMemory } from "../host/machine-memory";
import { readListening, readTcpCounters } from "../host/tcp";
import { askAll } from "../shards/ask-all";
import type { Handler } from "./handler";
import { tellMissing } from "./missing-workers";

export const host: Handler<(typeof serviceRoutes)["host"]> = async ({ service, http }) => {
  const settings = service.settings();
  const processes = service.processes();
  const paths = [
    { held: "logs", path: settings["logging.file"] },
    { held: "data", path: settings.data_dir },
    { held: "temporary", path: tmpdir() },
    ...(service.config.file === null ? [] : [{ held: "config" as const, path: service.config.file }]),
  ] as const;
  const roles = new Map([
    [service.ports().websocket, "websocket" as const],
    [service.ports().admin, "admin" as const],
  ]);
  // By itself, since reading the other facts opens files for a moment.
  const descriptors = await factOf(async () => {
    const { answers, missing } = await askAll(processes, (each) => each.descriptors());
    tellMissing(http, missing);
    return mergeDescriptors(answers.map(({ answer }) => answer));
  });
  const [disks, memory, load, clock, listening, tcp, certificates] = await Promise.all([
    readDisks(paths),
    factOf(async () => {
      const figures = await Promise.all(processes.map((each) => each.figures()));
      return readMachineMemory(figures.reduce((sum, each) => sum + each.memory.heapLimit, 0));
    }),
    factOf(() => {
      if (process.platform === "win32") throw new Error("Windows keeps no load average");
      const [load_1m = 0, load_5m = 0, load_15m = 0] = loadavg();
      return { load_1m, load_5m, load_15m, cores: availableParallelism() };
    }),
    readClock(),
    factOf(() => readListening(roles)),
    factOf(readTcpCounters),
    factOf(() => service.tls?.describe() ?? []),
  ]);
  return { at_ms: Date.now(), disks, descriptors, memory, load, clock, listening, tcp, certificates };
};
