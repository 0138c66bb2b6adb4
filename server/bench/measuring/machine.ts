import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** What the figures were measured on, in one line; a shared machine shows in its load. */
export function describeMachine(...further: string[]): string {
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"})`,
    `${memoryGib} GiB`,
    `Node ${process.versions.node}`,
    ...further,
  ].join(", ");
}

/** Of one, five and fifteen minutes. */
export function loadAverage(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(" ");
}
