import { readFileSync } from "node:fs";

export interface OpenFileLimits {
  soft: number | null;
  hard: number | null;
}

/** From the text of /proc/PID/limits (proc(5)); null where there is no limit. */
export function parseOpenFileLimits(text: string): OpenFileLimits {
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text) ?? [];
  return { soft: limitOf(soft), hard: limitOf(hard) };
}

/**
 * Clients' sockets that this process may hold at most. The rest of its descriptors is kept for the log, the admin
 * port, data sources and its workers: at the limit nothing of that could be opened. Null where the limit can't be told.
 */
export function mostSockets(softLimit: number | null): number | null {
  return softLimit === null ? null : softLimit - Math.min(128, Math.floor(softLimit / 4));
}

/** What the kernel lets this process open; it stays as it was at the start unless somebody uses prlimit(1). */
export function readOpenFileLimits(): OpenFileLimits {
  try {
    return parseOpenFileLimits(readFileSync("/proc/self/limits", "utf8"));
  } catch {
    return { soft: null, hard: null };
  }
}

function limitOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
