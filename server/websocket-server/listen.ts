import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

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

/** Listens and answers the port. `variable` is told to whoever has to change it. */
export async function listen(server: Server, host: string, port: number, variable: string): Promise<number> {
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
  return (server.address() as AddressInfo).port;
}
