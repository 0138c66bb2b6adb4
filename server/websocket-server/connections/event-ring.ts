import type { ConnectionDetail } from "../../../lib/contract/service-api";

export type ConnectionEvent = ConnectionDetail["events"][number];

const size = 50;

/** The newest things that happened to one connection; takes memory as they come. */
export class EventRing {
  readonly #events: ConnectionEvent[] = [];
  #next = 0;

  add(event: string, detail: string): void {
    this.#events[this.#next] = { at_ms: Date.now(), event, detail };
    this.#next = (this.#next + 1) % size;
  }

  newest(): ConnectionEvent[] {
    const inOrder = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
    return inOrder.reverse();
  }
}
