/**
 * Hands a message to the topics. What it returns may be a promise, which rejects when the message found no place;
 * a CodedError then says that it may be tried again.
 */
export type Publish = (topic: string, data: unknown, source?: string) => unknown;

/** One life of a feed, from connecting until the connection is lost or `signal` ends it. */
export interface Session {
  readonly signal: AbortSignal;
  /** Says that everything sent from now on arrives. */
  connected(): void;
  /**
   * Publishes a value. False, now or later, when the topics can't take it at the moment: whoever can, offers it
   * again. Errors are counted, never thrown.
   */
  publish(topic: string, data: unknown): boolean | Promise<boolean>;
  /** Publishes a payload as it came. One that can't be used is counted and gone: that is true, too. */
  receive(topic: string, text: string, format: PayloadFormat): boolean | Promise<boolean>;
  /** Counts what went wrong without ending the session. */
  error(message: string): void;
}

export type PayloadFormat = "json" | "text";
export const payloadFormats = ["json", "text"] as const;

/** Where the messages of a data source come from. */
export interface Feed {
  readonly name: string;
  readonly type: string;
  /** What must not be told in an error. */
  readonly secrets: readonly string[];
  /** Whether it feeds a topic of this name, now or later. */
  covers(topic: string): boolean;
  /**
   * Connects and delivers. Rejects with what went wrong, `RefusedError` when waiting does not help; resolves soon
   * after `signal` aborts, with everything that it opened closed.
   */
  run(session: Session): Promise<void>;
}

/** The other side answered and won't have it: a wrong password, a database that isn't there. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RefusedError";
  }
}
