/**
 * Runs `stop` once at the first SIGTERM or SIGINT and then ends the process: with 0 when it finished, with 1
 * when it failed or took longer than `timeoutMs`. A signal reaches a whole process group, so later ones are
 * ignored rather than counted. `waitingFor` names what hangs.
 */
export function onShutdown(
  stop: (signal: NodeJS.Signals) => Promise<void>,
  timeoutMs: number,
  waitingFor: () => string | null = () => null,
): void {
  let stopping = false;
  const begin = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      process.stderr.write(`did not stop within ${timeoutMs} ms: ${waitingFor() ?? "unknown"}\n`);
      process.exit(1);
    }, timeoutMs).unref();
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`could not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", begin);
  process.on("SIGINT", begin);
}
