const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * An AbortSignal that aborts at the first SIGINT, SIGTERM or SIGHUP. Later ones are ignored: Ctrl-C reaches
 * the whole process group and npm passes it on as well, so one keystroke may arrive twice. `release` gives
 * the signals back.
 */
export function stopSignal() {
  const controller = new AbortController();
  const abort = (name) => controller.abort(name);
  for (const name of signals) process.on(name, abort);
  return {
    signal: controller.signal,
    release() {
      for (const name of signals) process.off(name, abort);
    },
  };
}
