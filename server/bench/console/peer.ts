import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { Server } from "socket.io";

export const peerValueSelector = "#value";

const page = `<!doctype html><title>peer</title><b id="value"></b><script src="/socket.io/socket.io.min.js"></script>
<script>io().on("value", (value) => { document.getElementById("value").textContent = value; });</script>`;

/**
 * The thinnest thing that does the same: asks a service once a second and hands the figure to a bare page.
 * What the console takes longer than this is its own.
 */
export function servePeer(statsUrl: string): void {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(page);
  });
  const io = new Server(server);
  setInterval(() => {
    fetch(statsUrl)
      .then((answer) => answer.json())
      .then((stats) => io.emit("value", stats.connections.active_connections))
      .catch((error: unknown) => process.stderr.write(`peer: ${String(error)}\n`));
  }, 1_000);
  server.listen(0, "127.0.0.1", () => {
    parentPort?.postMessage({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  });
}
