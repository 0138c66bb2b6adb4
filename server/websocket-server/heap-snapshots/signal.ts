import { join } from "node:path";
import { snapshotFolder, writeSnapshot } from "./write";

let dataDir = "data/websocket-server";

/** Where snapshots go once the configuration is known. */
export function setSnapshotDataDir(folder: string): void {
  dataDir = folder;
}

// Imported before anything else: without a handler Node opens its inspector on this signal.
process.on("SIGUSR1", () => {
  try {
    const folder = snapshotFolder(dataDir);
    const { snapshot } = writeSnapshot(folder, "main");
    process.stdout.write(`heap snapshot written to ${join(folder, snapshot.name)}\n`);
  } catch (error) {
    process.stderr.write(`heap snapshot failed: ${String(error)}\n`);
  }
});
