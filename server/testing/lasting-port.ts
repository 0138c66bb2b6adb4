import { createServer } from "node:net";

/** Below the ports that systems give to outgoing connections and to listeners on port 0. */
const range = { from: 20_000, to: 32_000 };

/** A loopback port that is still free when a server that was killed comes back to it. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
