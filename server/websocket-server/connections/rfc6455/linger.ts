import type { Duplex } from "node:stream";

const lingerMs = 1_000;

/**
 * Sends the last bytes and ends the socket. What the peer still sends is read and thrown away for a moment: to
 * close with unread input resets the connection, and then the peer may never see what it was told.
 */
export function endGently(socket: Duplex, last?: Buffer | string): void {
  if (socket.destroyed || socket.writableEnded) return;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
  socket.once("end", () => {
    if (socket.writableFinished) socket.destroy();
    else socket.once("finish", () => socket.destroy());
  });
  if (socket.readableEnded) socket.once("finish", () => socket.destroy());
  if (last === undefined) socket.end();
  else socket.end(last);
  socket.resume();
}
