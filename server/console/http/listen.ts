import type { Server } from "node:http";
import type { Socket } from "node:net";
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

/**
 * Returns what closes the server: it resolves when every connection has ended, and cuts those that don't within
 * a second. The sockets are kept here, since `closeAllConnections` leaves out the upgraded ones: a push that a
 * browser opens while the console ends would otherwise keep it from ending.
 */
export function closerOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return async () => {
    stopAccepting(server);
    if (sockets.size === 0) return;
    const ended = Promise.all([...sockets].map((socket) => new Promise((end) => socket.once("close", end))));
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, 1_000);
    await ended;
    clearTimeout(cut);
  };
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
