import { once } from "node:events";
import type { Server } from "node:http";
import { StartupError } from "../startup-error";

/** Listens and returns the port. Throws StartupError with one line when it can't. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    throw new StartupError(reasonOf(error, host, port), 1, error);
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port was given");
  return address.port;
}

/** No new connections; answers under way go on. */
export function stopAccepting(server: Server): void {
  if (server.listening) server.close();
  server.closeIdleConnections();
}

/** Resolves when every connection has ended; those that don't within a second are cut. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  stopAccepting(server);
  const connections = () =>
    new Promise<number>((resolve) => server.getConnections((error, open) => resolve(error ? 0 : open)));
  if ((await connections()) === 0) return;
  const cut = setTimeout(() => server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(cut);
}

function reasonOf(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  if (code === "EADDRINUSE")
    return `port ${port} on ${host} is taken by another program: set PORT to another one`;
  if (code === "EACCES")
    return `port ${port} on ${host} is not allowed for this user: set PORT to one above 1023`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `this machine has no address ${host}: set HOST`;
  return `can't listen on ${host}:${port} (${code})`;
}
