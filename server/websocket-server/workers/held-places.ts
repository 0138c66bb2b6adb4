import type { ConnectionLimits } from "../connections/limits";
import type { Refusal } from "../connections/refuse";

/** The places that one worker's connections take, so that they are free again when it dies. */
export class HeldPlaces {
  readonly #limits: ConnectionLimits;
  readonly #byAddress = new Map<string, number>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  async reserve(ip: string): Promise<Refusal | null> {
    const refusal = await this.#limits.reserve(ip);
    if (refusal === null) this.#byAddress.set(ip, (this.#byAddress.get(ip) ?? 0) + 1);
    return refusal;
  }

  release(ip: string): void {
    const held = this.#byAddress.get(ip) ?? 0;
    if (held === 0) return;
    if (held === 1) this.#byAddress.delete(ip);
    else this.#byAddress.set(ip, held - 1);
    this.#limits.release(ip);
  }

  releaseAll(): void {
    for (const [ip, held] of this.#byAddress) for (let i = 0; i < held; i++) this.#limits.release(ip);
    this.#byAddress.clear();
  }
}
