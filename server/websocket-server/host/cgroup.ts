import { readFileSync } from "node:fs";

const root = "/sys/fs/cgroup";

/**
 * Folders of the control groups that this process is in, the innermost first, in version 2 and version 1.
 * Empty where there are none. Source: cgroups(7).
 */
export function cgroupFolders(controller: string): string[] {
  let text: string;
  try {
    text = readFileSync("/proc/self/cgroup", "utf8");
  } catch {
    return [];
  }
  const folders: string[] = [];
  for (const line of text.split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers !== "" && !controllers.split(",").includes(controller)) continue;
    const base = controllers === "" ? root : `${root}/${controller}`;
    const parts = path.split("/").filter((part) => part !== "" && part !== "..");
    for (let depth = parts.length; depth >= 0; depth--) {
      folders.push([base, ...parts.slice(0, depth)].join("/"));
    }
  }
  return folders;
}

/** A file that holds one number; null when it is missing or says `max`. */
export function readNumber(file: string): number | null {
  const text = readText(file);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

export function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
