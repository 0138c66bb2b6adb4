import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { destroyTlsSockets } from "./tls/served-tls";

/** A port that can't be had; the message is for a person at a terminal. */
export class ListenFailed extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "ListenFailed";
  }
}

const reasons: Record<string, string> = {
  EADDRINUSE: "is in use",
  EACCES: "may not be used by this user",
  EADDRNOTAVAIL: "is not an address of this machine",
};

/** Where a server listens; `text` is `127.0.0.1:8765` or `[::1]:8765`. */
export interface ListeningAt {
  port: number;
  text: string;
}

/** Listens; throws `ListenFailed`. `variable` is told to whoever has to change it. */
export async function listen(
  server: Server,
  host: string,
  port: number,
  variable: string,
): Promise<ListeningAt> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ""] ?? error.message;
      reject(new ListenFailed(`port ${port} on ${host} ${reason} (set ${variable})`, error));
    };
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve();
    });
  });
  const at = server.address() as AddressInfo;
  const address = at.family === "IPv6" ? `[${at.address}]` : at.address;
  return { port: at.port, text: `${address}:${at.port}` };
}

/** Ends it with the connections that it holds, also when it does not listen any more. */
export function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    if (server.listening) server.close(() => resolve());
    else resolve();
    server.closeAllConnections();
    destroyTlsSockets(server);
  });
}
