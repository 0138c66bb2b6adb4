import { WebSocket } from "ws";
import type { Who } from "./who";

export interface SimulatedClient {
  /** Says goodbye; a connection that is still being made is given up. */
  stop(): void;
  isOpen(): boolean;
}

export interface ClientBehaviour {
  url: string;
  /** Without it, a client that tells nothing of itself. */
  who?: Who;
  /** Asked at each connect; none for a client that only holds a connection. */
  topics: () => string[];
  /** How long a connection is kept before the client leaves and comes back; null keeps it. */
  staysMs: () => number | null;
  /** Stops reading after the subscription, like a browser tab that was put to sleep. */
  reads: boolean;
  random: () => number;
}

const firstRetryMs = 1_000;
const longestRetryMs = 20_000;

/** One client that keeps coming back, later each time while it is refused, as a well-made one does. */
export function simulateClient(behaviour: ClientBehaviour): SimulatedClient {
  let socket: WebSocket | null = null;
  let timer: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let stopped = false;

  function connect() {
    const { userAgent, localAddress } = behaviour.who ?? {};
    socket = new WebSocket(behaviour.url, {
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
      headers: userAgent === undefined ? {} : { "user-agent": userAgent },
      localAddress,
    });
    socket.on("open", onOpen);
    // "close" follows every error and plans the next attempt
    socket.on("error", () => {});
    socket.on("close", onClose);
  }

  function onOpen() {
    retryMs = firstRetryMs;
    for (const [index, topic] of behaviour.topics().entries()) {
      socket?.send(JSON.stringify({ id: index + 1, op: "subscribe", topic }));
    }
    if (!behaviour.reads) socket?.pause();
    const staysMs = behaviour.staysMs();
    if (staysMs !== null) timer = setTimeout(() => socket?.close(1000, "done"), staysMs);
  }

  function onClose() {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(connect, retryMs * (0.5 + behaviour.random()));
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  connect();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      if (socket?.readyState === WebSocket.OPEN) socket.close(1000, "done");
      else socket?.terminate();
    },
    isOpen: () => socket !== null && socket.readyState !== WebSocket.CLOSED,
  };
}
