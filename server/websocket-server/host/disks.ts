import { readFile, realpath, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Host } from "../../../lib/contract/service-api";
import { type Fact, factOf, withinTime } from "./fact";

type Disk = NonNullable<Host["disks"]["value"]>[number];
export type Held = Disk["holds"][number];

/** File systems that are the kernel's own, not space on anything. */
const virtual = new Set(
  (
    "autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue " +
    "nsfs proc pstore ramfs rpc_pipefs securityfs selinuxfs sysfs tracefs"
  ).split(" "),
);
/** A network disk that is gone may never answer. */
const patienceMs = 1_000;

/**
 * Space on each mount, and what of the service lies there. `paths` need not exist yet.
 * Source: /proc/self/mountinfo (proc(5)) and statfs(2).
 */
export async function readDisks(paths: readonly { held: Held; path: string }[]): Promise<Fact<Disk[]>> {
  return factOf(async () => {
    const mounts = parseMounts(await readFile("/proc/self/mountinfo", "utf8"));
    const holds = new Map<string, Set<Held>>();
    for (const { held, path } of paths) {
      const mount = mountOf(await existing(path), mounts);
      if (mount !== null) holds.set(mount, (holds.get(mount) ?? new Set()).add(held));
    }
    const disks = await Promise.all(
      mounts
        .filter(({ mount, type }) => !virtual.has(type) && (type !== "tmpfs" || holds.has(mount)))
        .map((each) => readDisk(each, [...(holds.get(each.mount) ?? [])])),
    );
    return disks.filter((disk) => disk !== null);
  });
}

interface Mount {
  mount: string;
  device: string;
  type: string;
}

async function readDisk({ mount, device, type }: Mount, holds: Held[]): Promise<Disk | null> {
  const stat = await withinTime(statfs(mount), patienceMs).catch(() => null);
  // A mount that can't be asked, or that is a view of something without space of its own.
  if (stat === null || stat.blocks === 0) return null;
  return {
    mount,
    device,
    type,
    size_bytes: stat.blocks * stat.bsize,
    used_bytes: (stat.blocks - stat.bfree) * stat.bsize,
    available_bytes: stat.bavail * stat.bsize,
    inodes: stat.files > 0 ? stat.files : null,
    inodes_free: stat.files > 0 ? stat.ffree : null,
    holds,
  };
}

/** The newest mount on a point hides those before it; a file bound over another is no disk. */
export function parseMounts(text: string): Mount[] {
  const byPoint = new Map<string, Mount>();
  for (const line of text.split("\n")) {
    const [before, after] = line.split(" - ");
    const mount = before?.split(" ")[4];
    const [type, device] = after?.split(" ") ?? [];
    if (mount === undefined || type === undefined || device === undefined) continue;
    byPoint.set(undoEscapes(mount), { mount: undoEscapes(mount), device: undoEscapes(device), type });
  }
  return [...byPoint.values()];
}

/** mountinfo writes blanks, tabs, newlines and backslashes in octal. */
function undoEscapes(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export function mountOf(path: string, mounts: readonly Mount[]): string | null {
  const fitting = mounts.filter(
    ({ mount }) => mount === "/" || path === mount || path.startsWith(`${mount}/`),
  );
  return fitting.sort((a, b) => b.mount.length - a.mount.length)[0]?.mount ?? null;
}

/** The path itself, or the nearest folder above it that is there. */
async function existing(path: string): Promise<string> {
  let at = resolve(path);
  for (;;) {
    const real = await realpath(at).catch(() => null);
    if (real !== null) return real;
    if (dirname(at) === at) return at;
    at = dirname(at);
  }
}
