import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { cached } from "./cached";
import { cgroupFolders, readNumber } from "./cgroup";

export interface MemoryLimit {
  bytes: number | null;
  source: "cgroup" | "host" | null;
}

/** The least limit that applies: that of the control group or one above it, else the machine's memory. */
export const readMemoryLimit = cached((): MemoryLimit => {
  const total = totalmem();
  const limits = cgroupFolders("memory")
    .flatMap((folder) => [readNumber(`${folder}/memory.max`), readNumber(`${folder}/memory.limit_in_bytes`)])
    .filter((limit): limit is number => limit !== null && limit > 0 && limit < total);
  if (limits.length > 0) return { bytes: Math.min(...limits), source: "cgroup" };
  return total > 0 ? { bytes: total, source: "host" } : { bytes: null, source: null };
});

/** Bytes of memory that programs can still get, as the kernel estimates it; null where it doesn't say. */
export function readAvailableMemory(): number | null {
  try {
    const match = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"));
    return match ? Number(match[1]) * 1_024 : null;
  } catch {
    return null;
  }
}
