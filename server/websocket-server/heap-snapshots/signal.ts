import { join } from "node:path";
import { snapshotFolder, writeSnapshot } from "./write";

/** What came of a snapshot that a signal asked for; `file` is null when there is none, `error` tells why. */
export interface SignalSnapshot {
  file: string | null;
  error: unknown;
}

let dataDir = "data/websocket-server";
let workerName = "main";
let after = ({ file, error }: SignalSnapshot): void => {
  if (file !== null) process.stdout.write(`heap snapshot written to ${file}\n`);
  else process.stderr.write(`heap snapshot failed: ${String(error)}\n`);
};

/** Where snapshots go once the configuration is known, and the process that they are of. */
export function setSnapshotDataDir(folder: string, worker = "main"): void {
  dataDir = folder;
  workerName = worker;
}

/** Runs after the snapshot that a signal asked for, instead of a word on the standard output. */
export function afterSnapshotSignal(run: (snapshot: SignalSnapshot) => void): void {
  after = run;
}

// Imported before anything else: without a handler Node opens its inspector on this signal.
process.on("SIGUSR1", () => {
  try {
    const folder = snapshotFolder(dataDir);
    const { snapshot } = writeSnapshot(folder, workerName);
    after({ file: join(folder, snapshot.name), error: null });
  } catch (error) {
    after({ file: null, error });
  }
});
