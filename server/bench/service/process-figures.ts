import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second for user space, whatever its own clock (proc(5)). */
const ticksASecond = 100;
const pageBytes = 4_096;

/** Seconds of CPU that a process took so far; null where there is no /proc. */
export function cpuSecondsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  // the name, in brackets, may hold blanks
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields ? (Number(fields[11]) + Number(fields[12])) / ticksASecond : null;
}

/** Resident memory in bytes; null where there is no /proc. */
export function residentBytesOf(pid: number): number | null {
  const pages = read(`/proc/${pid}/statm`)?.split(" ")[1];
  return pages === undefined ? null : Number(pages) * pageBytes;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
