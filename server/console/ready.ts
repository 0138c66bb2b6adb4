export interface ReadyMessage {
  type: "ready";
  port: number;
  url: string;
  adminUser: string;
  /** Told this once; null when one was set or made earlier. */
  generatedPassword: string | null;
  dataDir: string;
}

/** Tells the launcher that the console answers, or the terminal when nobody launched it. */
export function announceReady(message: ReadyMessage): void {
  if (process.send) {
    process.send(message);
    return;
  }
  const { url, adminUser, generatedPassword, dataDir } = message;
  const password = generatedPassword ? ` / ${generatedPassword} (generated now, not shown again)` : "";
  process.stdout.write(
    `Wirewatch is open at ${url}\n  sign in    ${adminUser}${password}\n  data       ${dataDir}\n`,
  );
}
