import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { type PeerRequest, sayReady, sequencer } from "./peer-protocol";

/** What one writes first with ws: a set of sockets a topic and a loop that sends. Its options are ws' own. */
export function servePlainWs(): void {
  const topics = new Map<string, Set<WebSocket>>();
  const place = sequencer();
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    const held = new Set<string>();
    socket.on("error", () => {});
    socket.on("message", (text) => {
      const request = JSON.parse(String(text)) as PeerRequest;
      if (request.op === "ping") {
        socket.send(JSON.stringify({ id: request.id, ok: true, ts: Date.now() }));
        return;
      }
      const subscribers = topics.get(request.topic) ?? new Set();
      if (request.op === "subscribe") {
        held.add(request.topic);
        topics.set(request.topic, subscribers.add(socket));
        return;
      }
      const placed = place(request);
      const message = JSON.stringify(placed);
      for (const subscriber of subscribers) subscriber.send(message);
      if (request.id === undefined) return;
      socket.send(JSON.stringify({ id: request.id, ok: true, topic: placed.topic, seq: placed.seq }));
    });
    socket.on("close", () => {
      for (const topic of held) topics.get(topic)?.delete(socket);
    });
  });
  server.on("listening", () => sayReady((server.address() as AddressInfo).port));
}
