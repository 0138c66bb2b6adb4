import { readdir, readFile, readlink } from "node:fs/promises";
import type { Host } from "../../../lib/contract/service-api";
import { parseOpenFileLimits } from "./open-file-limit";

type Descriptors = NonNullable<Host["descriptors"]["value"]>;

export interface OwnDescriptors {
  worker: string;
  pid: number;
  used: number;
  softLimit: number | null;
  hardLimit: number | null;
  byKind: Descriptors["by_kind"];
}

/** Above this many, looking at each one would cost more than it tells. */
const mostLookedAt = 20_000;

/** What this process has open, and how much it may. Source: /proc/self/{fd,limits} (proc(5)). */
export async function readDescriptors(worker: string): Promise<OwnDescriptors> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const names = await readdir("/proc/self/fd");
  const { soft, hard } = parseOpenFileLimits(limits);
  const byKind = names.length > mostLookedAt ? null : await countKinds(names);
  return {
    worker,
    pid: process.pid,
    // less the one that the folder itself was read with, and others that were open for a moment
    used: byKind === null ? names.length - 1 : byKind.socket + byKind.file + byKind.pipe + byKind.other,
    softLimit: soft,
    hardLimit: hard,
    byKind,
  };
}

async function countKinds(names: readonly string[]): Promise<Descriptors["by_kind"]> {
  const kinds = { socket: 0, file: 0, pipe: 0, other: 0 };
  const batch = 256;
  for (let from = 0; from < names.length; from += batch) {
    const targets = await Promise.all(
      // One may have been closed since the folder was read.
      names.slice(from, from + batch).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => null)),
    );
    for (const target of targets) if (target !== null) kinds[kindOf(target)]++;
  }
  return kinds;
}

function kindOf(target: string): "socket" | "file" | "pipe" | "other" {
  if (target.startsWith("socket:")) return "socket";
  if (target.startsWith("pipe:")) return "pipe";
  return target.startsWith("/") && !target.startsWith("/dev/") ? "file" : "other";
}

/** Those of every process, as one. Each process has a limit of its own, so the tightest is told. */
export function mergeDescriptors(parts: readonly OwnDescriptors[]): Descriptors {
  const tightest = [...parts].sort(
    (a, b) =>
      b.used / (b.softLimit ?? Number.POSITIVE_INFINITY) - a.used / (a.softLimit ?? Number.POSITIVE_INFINITY),
  )[0];
  const kinds = parts.map((part) => part.byKind);
  const sum = (of: (kind: NonNullable<Descriptors["by_kind"]>) => number) =>
    kinds.reduce((total, kind) => total + (kind === null ? 0 : of(kind)), 0);
  return {
    used: parts.reduce((total, part) => total + part.used, 0),
    soft_limit: tightest?.softLimit ?? null,
    hard_limit: tightest?.hardLimit ?? null,
    by_kind: kinds.some((kind) => kind === null)
      ? null
      : {
          socket: sum((kind) => kind.socket),
          file: sum((kind) => kind.file),
          pipe: sum((kind) => kind.pipe),
          other: sum((kind) => kind.other),
        },
    processes: parts.map(({ worker, pid, used, softLimit }) => ({
      worker,
      pid,
      used,
      soft_limit: softLimit,
    })),
  };
}
