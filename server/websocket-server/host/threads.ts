import { readdir, readFile } from "node:fs/promises";
import type { Threads } from "../../../lib/contract/service-api";

/** The kernel counts CPU time of threads in hundredths of a second (sysconf(_SC_CLK_TCK) on Linux). */
const ticksPerSecond = 100;

const states: Record<string, string> = {
  R: "running",
  S: "sleeping",
  D: "waiting for disk",
  Z: "zombie",
  T: "stopped",
  t: "traced",
  I: "idle",
};

/** Threads of a process, this one by default. Source: proc(5), /proc/[pid]/task/[tid]/stat. */
export async function readThreads(pid = process.pid): Promise<Pick<Threads, "threads" | "reason">> {
  try {
    const tids = await readdir(`/proc/${pid}/task`);
    const threads = await Promise.all(tids.map((tid) => readThread(pid, Number(tid))));
    return { threads: threads.filter((thread) => thread !== null), reason: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { threads: null, reason: `/proc/${pid}/task cannot be read: ${reason}` };
  }
}

async function readThread(pid: number, tid: number): Promise<NonNullable<Threads["threads"]>[number] | null> {
  // A thread may end between the listing and the reading.
  const stat = await readFile(`/proc/${pid}/task/${tid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  const open = stat.indexOf("(");
  const close = stat.lastIndexOf(")");
  const rest = stat.slice(close + 2).split(" ");
  const ticks = Number(rest[11]) + Number(rest[12]);
  return {
    pid,
    tid,
    name: stat.slice(open + 1, close),
    state: states[rest[0] ?? ""] ?? rest[0] ?? "unknown",
    cpu_seconds_total: ticks / ticksPerSecond,
  };
}
