import type { ConnectionLimits } from "../connections/limits";
import type { Refusal } from "../connections/refuse";
import type { Peer } from "./peer";

/** Asks the main process, which counts the connections of all workers. */
export class WorkerLimits implements ConnectionLimits {
  readonly #main: Peer;

  constructor(main: Peer) {
    this.#main = main;
  }

  async reserve(ip: string): Promise<Refusal | null> {
    // Waited for without an end, as a place that was given too late would be held for good; the handshake has its own.
    return (await this.#main.call("main", "reserve", [ip], Number.POSITIVE_INFINITY)) as Refusal | null;
  }

  release(ip: string): void {
    this.#main.tell("main", "release", ip);
  }
}
