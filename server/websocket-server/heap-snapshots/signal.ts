import { join } from "node:path";
import { snapshotFolder, writeSnapshot } from "./write";

let dataDir = "data/websocket-server";

let workerName = "main";
let after: () => void = () => {};

/** Where snapshots go once the configuration is known, and the process that they are of. */
export function setSnapshotDataDir(folder: string, worker = "main"): void {
  dataDir = folder;
  workerName = worker;
}

/** Runs after the snapshot that a signal asked for. */
export function afterSnapshotSignal(run: () => void): void {
  after = run;
}

// Imported before anything else: without a handler Node opens its inspector on this signal.
process.on("SIGUSR1", () => {
  try {
    const folder = snapshotFolder(dataDir);
    const { snapshot } = writeSnapshot(folder, workerName);
    process.stdout.write(`heap snapshot written to ${join(folder, snapshot.name)}\n`);
  } catch (error) {
    process.stderr.write(`heap snapshot failed: ${String(error)}\n`);
  }
  after();
});
