import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { sayReady, sequencer, type TopicRequest } from "./peer-protocol";

/** Rooms of socket.io for topics; WebSocket only, so that its polling costs nothing here. */
export function serveSocketIo(): void {
  const place = sequencer();
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], serveClient: false });
  io.on("connection", (socket) => {
    socket.on("request", (request: TopicRequest) => {
      if (request.op === "subscribe") void socket.join(request.topic);
      else io.to(request.topic).emit("data", place(request));
    });
  });
  http.listen(0, "127.0.0.1", () => sayReady((http.address() as AddressInfo).port));
}
