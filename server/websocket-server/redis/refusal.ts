/**
 * Whether Redis answered and said no in a way that may pass while the connection stays: waiting may help, another
 * connection would hear the same.
 */
export function isRefusal(error: unknown): boolean {
  return /^(OOM|MISCONF|NOREPLICAS|BUSY|EXPIRED|LOADING|NOPERM|WRONGTYPE|ERR) /.test(messageOf(error));
}

/** What may be logged and shown: never the command, which may hold data of clients. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
