import WebSocket, { type ClientOptions } from "ws";
import { type Backoff, backoffMs } from "../process/jittered-back-off";

export interface DataMessage {
  topic: string;
  seq: number;
  ts: number;
  data: unknown;
}

/** The service's answer to a request; `error` when it refused. */
export interface Answer {
  id: number;
  ok?: true;
  error?: { code: string; message: string };
  [field: string]: unknown;
}

export interface WebsocketClientOptions {
  url: string;
  /** Connect again when the connection is lost; off ends the client with its connection. */
  reconnect?: boolean;
  backoff?: Backoff;
  random?: () => number;
  /** Options for ws: headers, local address and the like. */
  socket?: ClientOptions;
}

type Events = {
  message: (message: DataMessage) => void;
  welcome: (welcome: Record<string, unknown>) => void;
  close: (code: number, reason: string) => void;
};

const defaultBackoff: Backoff = { firstMs: 250, longestMs: 15_000 };

/**
 * A client of the data service. Topics stay subscribed across reconnects; a request that is under way when the
 * connection is lost is rejected.
 */
export class WebsocketClient {
  readonly #options: WebsocketClientOptions;
  readonly #topics = new Set<string>();
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  readonly #listeners: { [E in keyof Events]: Set<Events[E]> } = {
    message: new Set(),
    welcome: new Set(),
    close: new Set(),
  };
  #socket: WebSocket | null = null;
  #attempt = 0;
  #nextId = 1;
  #closed = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WebsocketClientOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** The socket underneath, null while there is none: for tests and probes that misbehave on purpose. */
  get socket(): WebSocket | null {
    return this.#socket;
  }

  /** Connects; rejects when the first attempt fails and `reconnect` is off. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => this.#open(resolve, reject));
  }

  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  onMessage(listener: Events["message"]): () => void {
    return this.on("message", listener);
  }

  async subscribe(topic: string): Promise<Answer> {
    const answer = await this.request({ op: "subscribe", topic });
    if (answer.ok) this.#topics.add(topic);
    return answer;
  }

  unsubscribe(topic: string): Promise<Answer> {
    this.#topics.delete(topic);
    return this.request({ op: "unsubscribe", topic });
  }

  publish(topic: string, data: unknown): Promise<Answer> {
    return this.request({ op: "publish", topic, data });
  }

  /** Sends a request and waits for its answer. */
  request(fields: Record<string, unknown>): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.connected || this.#socket === null) {
        reject(new Error("not connected"));
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, ...fields }));
    });
  }

  /** Ends the client for good. */
  async close(code = 1000, reason = ""): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), 1_000).unref();
    });
  }

  #open(resolve: () => void, reject: (error: Error) => void): void {
    const socket = new WebSocket(this.#options.url, this.#options.socket);
    this.#socket = socket;
    let failure: Error | null = null;
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("open", () => {
      this.#attempt = 0;
      resolve();
      for (const topic of this.#topics) this.subscribe(topic).catch(() => {});
    });
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("close", (code, reason) => {
      for (const { reject: rejectRequest } of this.#waiting.values()) {
        rejectRequest(new Error("connection lost"));
      }
      this.#waiting.clear();
      for (const listener of this.#listeners.close) listener(code, reason.toString());
      if (this.#closed || this.#options.reconnect === false) {
        reject(failure ?? new Error("connection closed"));
        return;
      }
      const { backoff = defaultBackoff, random = Math.random } = this.#options;
      this.#timer = setTimeout(
        () => this.#open(resolve, reject),
        backoffMs(this.#attempt++, backoff, random),
      );
    });
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as Record<string, unknown>;
    if (typeof message.id === "number") {
      this.#waiting.get(message.id)?.resolve(message as Answer);
      this.#waiting.delete(message.id);
    } else if (typeof message.topic === "string") {
      for (const listener of this.#listeners.message) listener(message as unknown as DataMessage);
    } else if (message.op === "welcome") {
      for (const listener of this.#listeners.welcome) listener(message);
    }
  }
}
