import { WebsocketClient } from "../websocket-client/client";
import type { Who } from "./who";

export interface SimulatedClient {
  /** Says goodbye; a connection that is still being made is given up. */
  stop(): Promise<void>;
}

export interface ClientBehaviour {
  url: string;
  /** Without it, a client that tells nothing of itself. */
  who?: Who;
  /** Asked at each visit; none for a client that only holds a connection. */
  topics: () => string[];
  /** How long a visit lasts before the client leaves and comes back; null stays. */
  staysMs: () => number | null;
  /** Stops reading after the subscription, like a browser tab that was put to sleep. */
  reads: boolean;
  random: () => number;
}

const backoff = { firstMs: 1_000, longestMs: 20_000 };
const awayMs = 1_000;

/** One client that keeps coming back, later each time while it is refused, as a well-made one does. */
export function simulateClient(behaviour: ClientBehaviour): SimulatedClient {
  let client: WebsocketClient | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function visit() {
    const { url, random, who: { userAgent, localAddress } = {} } = behaviour;
    const headers: Record<string, string> = userAgent === undefined ? {} : { "user-agent": userAgent };
    const visitor = new WebsocketClient({
      url,
      backoff,
      random,
      socket: { perMessageDeflate: false, headers, localAddress },
    });
    client = visitor;
    // Rejected only by its own end, before it ever got in.
    visitor.connect().then(
      () => stay(visitor),
      () => {},
    );
  }

  async function stay(visitor: WebsocketClient) {
    // What is lost with the connection is asked for again at the next visit.
    await Promise.allSettled(behaviour.topics().map((topic) => visitor.subscribe(topic)));
    if (!behaviour.reads) {
      visitor.socket?.pause();
      visitor.on("welcome", () => setImmediate(() => visitor.socket?.pause()));
    }
    const staysMs = behaviour.staysMs();
    if (staysMs === null || stopped) return;
    timer = setTimeout(() => void visitor.close(1000, "done").then(comeBack), staysMs);
  }

  function comeBack() {
    if (!stopped) timer = setTimeout(visit, awayMs * (0.5 + behaviour.random()));
  }

  visit();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.close(1000, "done");
    },
  };
}
