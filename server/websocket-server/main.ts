import { fileURLToPath } from "node:url";
import { onShutdown } from "../process/shutdown";
import { ConfigRefused } from "./config/mistake";
import { afterSnapshotSignal, setSnapshotDataDir } from "./heap-snapshots/signal";
import { ListenFailed } from "./listen";
import { startWebsocketServer } from "./start";
import { runWorker, workerName } from "./workers/run-worker";

/** sysexits.h: EX_CONFIG. */
const configRefused = 78;

// The log goes on to its file when whoever read the standard output has gone.
process.stdout.on("error", () => {});

const program = fileURLToPath(import.meta.url);
const worker = process.argv[1] === program ? workerName(process.argv[2]) : null;
if (worker === null) await lead();
else runWorker(worker);

async function lead(): Promise<void> {
  process.title = "websocket-server";
  try {
    const service = await startWebsocketServer({ workerScript: program });
    setSnapshotDataDir(service.dataDir);
    afterSnapshotSignal((snapshot) => service.afterSnapshot(snapshot));
    onShutdown(() => service.stop(), (service.shutdownTimeout + 5) * 1_000);
    process.on("SIGHUP", () => service.reload());
    // Whoever forked this process is gone, and so is the reason to run.
    process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
    const { websocketPort, adminPort, tls } = service;
    process.send?.({ type: "ready", websocketPort, adminPort, tls });
  } catch (error) {
    if (error instanceof ConfigRefused) {
      process.stderr.write(`${error.message}\n`);
      process.exit(configRefused);
    }
    const text =
      error instanceof ListenFailed ? error.message : String(error instanceof Error ? error.stack : error);
    process.stderr.write(`websocket-server: ${text}\n`);
    process.exit(1);
  }
}
