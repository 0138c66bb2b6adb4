import type { WebsocketClient } from "../../websocket-client/client";

/** Everything that the service says from here on, in order. */
export function transcript(client: WebsocketClient): Record<string, unknown>[] {
  const said: Record<string, unknown>[] = [];
  client.socket?.on("message", (text) => said.push(JSON.parse(String(text))));
  return said;
}
