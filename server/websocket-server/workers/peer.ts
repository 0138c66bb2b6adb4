import type { Duplex } from "node:stream";
import { CodedError, type ErrorCode, isCodedError } from "../../../lib/errors";
import { encodeFrame, FrameReader } from "./frames";

type Message =
  | readonly ["call", id: number, target: string, method: string, args: readonly unknown[]]
  | readonly ["tell", target: string, method: string, args: readonly unknown[]]
  | readonly ["answer", id: number, value: unknown]
  | readonly ["failure", id: number, code: ErrorCode, message: string, details: Record<string, unknown>];

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout | null;
}

const defaultPatienceMs = 2_000;

/**
 * One end of the channel between two processes of a service. Either side calls methods of what the other exposes;
 * everything arrives in the order in which it was said. What is said within one turn of the event loop leaves in
 * one write.
 */
export class Peer {
  /** Resolves once all that the other side said before its end was heard. */
  readonly closed: Promise<void>;
  /** Monotonic clock. */
  lastHeardAt = performance.now();
  readonly #name: string;
  readonly #stream: Duplex;
  readonly #targets = new Map<string, object>();
  readonly #pending = new Map<number, Pending>();
  #outbox: Message[] = [];
  #lastId = 0;
  #open = true;

  /** `name` is that of the other side; `stream` is a byte stream to it. */
  constructor(name: string, stream: Duplex) {
    this.#name = name;
    this.#stream = stream;
    const reader = new FrameReader();
    stream.on("data", (chunk: Buffer) => {
      this.lastHeardAt = performance.now();
      for (const messages of reader.push(chunk)) {
        for (const message of messages as Message[]) this.#receive(message);
      }
    });
    // The end follows, and that is what counts.
    stream.on("error", () => {});
    stream.once("end", () => stream.destroy());
    this.closed = new Promise((resolve) => {
      stream.once("close", () => {
        this.#close();
        resolve();
      });
    });
  }

  /** Bytes that the other side has yet to take. */
  get backlogBytes(): number {
    return this.#stream.writableLength;
  }

  /** Lets the other side call the own methods of `object`. */
  expose(target: string, object: object): void {
    this.#targets.set(target, object);
  }

  /**
   * What the method answers. Rejects with the CodedError that it threw, and with WORKER_UNAVAILABLE when the other
   * side is gone or does not answer in time.
   */
  call(
    target: string,
    method: string,
    args: readonly unknown[],
    patienceMs = defaultPatienceMs,
  ): Promise<unknown> {
    if (!this.#open) return Promise.reject(this.unavailable("is gone"));
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#pending.delete(id);
        reject(this.unavailable(`did not answer within ${patienceMs} ms`));
      };
      const timer = Number.isFinite(patienceMs) ? setTimeout(giveUp, patienceMs) : null;
      this.#pending.set(id, { resolve, reject, timer });
      this.#say(["call", id, target, method, args]);
    });
  }

  /** Calls without waiting for an answer; what goes wrong is not told. */
  tell(target: string, method: string, ...args: unknown[]): void {
    if (this.#open) this.#say(["tell", target, method, args]);
  }

  /** Sends what `tellFrame` made, after all that was said before; one frame serves any number of peers. */
  write(frame: Buffer): void {
    this.flush();
    if (this.#open) this.#stream.write(frame);
  }

  /** Sends what was said so far. */
  flush(): void {
    if (this.#outbox.length === 0) return;
    const messages = this.#outbox;
    this.#outbox = [];
    if (!this.#open) return;
    let frame: Buffer;
    try {
      frame = encodeFrame(messages);
    } catch {
      frame = Buffer.concat(messages.map((message) => this.#encodeOne(message)));
    }
    this.#stream.write(frame);
  }

  unavailable(what: string): CodedError {
    return new CodedError("WORKER_UNAVAILABLE", `${this.#name} ${what}`, { worker: this.#name });
  }

  /** A value that can't cross costs whoever said it, and nobody else. */
  #encodeOne(message: Message): Buffer {
    try {
      return encodeFrame([message]);
    } catch (error) {
      const failure = new CodedError("INTERNAL", `could not be sent: ${String(error)}`);
      if (message[0] === "answer") return encodeFrame([failureOf(message[1], failure)]);
      if (message[0] === "call") this.#settle(message[1])?.reject(failure);
      return Buffer.alloc(0);
    }
  }

  #say(message: Message): void {
    if (this.#outbox.length === 0) setImmediate(() => this.flush());
    this.#outbox.push(message);
  }

  #receive(message: Message): void {
    if (message[0] === "answer") {
      this.#settle(message[1])?.resolve(message[2]);
    } else if (message[0] === "failure") {
      const [, id, code, text, details] = message;
      this.#settle(id)?.reject(new CodedError(code, text, details));
    } else if (message[0] === "call") {
      const [, id, target, method, args] = message;
      this.#carryOut(target, method, args).then(
        (value) => this.#say(["answer", id, value]),
        (error: unknown) => this.#say(failureOf(id, error)),
      );
    } else {
      const [, target, method, args] = message;
      this.#carryOut(target, method, args).catch(() => undefined);
    }
  }

  /** Synchronous up to the method's own first wait, so that messages are worked off in their order. */
  async #carryOut(target: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const object = this.#targets.get(target) as Record<string, unknown> | undefined;
    const own = object !== undefined && Object.hasOwn(object, method) ? object[method] : undefined;
    if (typeof own !== "function") throw new CodedError("INTERNAL", `no method ${target}.${method}`);
    return own.apply(object, args);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    if (pending.timer) clearTimeout(pending.timer);
    return pending;
  }

  #close(): void {
    this.#open = false;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.unavailable("is gone"));
  }
}

/** What `Peer.tell` would send. */
export function tellFrame(target: string, method: string, ...args: unknown[]): Buffer {
  return encodeFrame([["tell", target, method, args]]);
}

function failureOf(id: number, error: unknown): Message {
  if (isCodedError(error)) return ["failure", id, error.code, error.message, error.details];
  return ["failure", id, "INTERNAL", error instanceof Error ? error.message : String(error), {}];
}
