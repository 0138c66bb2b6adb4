import { freemem, totalmem } from "node:os";
import type { Host } from "../../../lib/contract/service-api";
import { cgroupFolders, readNumber, readText } from "./cgroup";
import { readAvailableMemory, readMemoryLimit } from "./memory-limit";

/** Memory of the machine and of the control group. Source: proc(5), the kernel's cgroup documents. */
export function readMachineMemory(heapLimitBytes: number): NonNullable<Host["memory"]["value"]> {
  const limit = readMemoryLimit();
  const [own] = cgroupFolders("memory");
  return {
    total_bytes: totalmem(),
    available_bytes: readAvailableMemory() ?? freemem(),
    cgroup_limit_bytes: limit.source === "cgroup" ? limit.bytes : null,
    cgroup_used_bytes: own === undefined ? null : readUsed(own),
    oom_kills_total: own === undefined ? null : readOomKills(own),
    heap_limit_bytes: heapLimitBytes,
  };
}

function readUsed(folder: string): number | null {
  return readNumber(`${folder}/memory.current`) ?? readNumber(`${folder}/memory.usage_in_bytes`);
}

function readOomKills(folder: string): number | null {
  const text = readText(`${folder}/memory.events`) ?? readText(`${folder}/memory.oom_control`);
  const match = /^oom_kill (\d+)$/m.exec(text ?? "");
  return match ? Number(match[1]) : null;
}
