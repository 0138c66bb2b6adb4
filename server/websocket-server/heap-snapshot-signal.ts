import { join } from "node:path";
import { writeHeapSnapshot } from "node:v8";
import { makeFolder } from "../process/make-folder.mjs";

let folder = "data/websocket-server";

/** Where snapshots go once the configuration is known. */
export function setSnapshotFolder(dataDir: string): void {
  folder = dataDir;
}

// Imported before anything else: without a handler Node opens its inspector on this signal.
process.on("SIGUSR1", () => {
  try {
    makeFolder(folder);
    // A snapshot holds every text in memory, tokens too.
    const before = process.umask(0o077);
    const name = `heap-${new Date().toISOString().replaceAll(":", "-")}-${process.pid}.heapsnapshot`;
    const file = writeHeapSnapshot(join(folder, name));
    process.umask(before);
    process.stdout.write(`heap snapshot written to ${file}\n`);
  } catch (error) {
    process.stderr.write(`heap snapshot failed: ${String(error)}\n`);
  }
});
