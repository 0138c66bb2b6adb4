import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** A file system of 128 KiB, where this user may mount one. */
export function mountSmall(path: string): boolean {
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function unmount(path: string): void {
  execFileSync("umount", ["-l", path]);
}
