import type { Duplex } from "node:stream";
import type { Settings } from "../config/schema";
import { addressGroup } from "./client-address";
import { type Refusal, retryLater } from "./refuse";

/**
 * Counts against `connections.max` and `connections.max_per_ip`, over everyone who takes connections. A place is
 * taken while the handshake is still under way, so that no number of simultaneous ones gets past a limit.
 */
export interface ConnectionLimits {
  reserve(ip: string): Refusal | null | Promise<Refusal | null>;
  release(ip: string): void;
}

/** Limits of one process. */
export class LocalLimits implements ConnectionLimits {
  readonly #settings: () => Settings;
  readonly #byAddress = new Map<string, number>();
  #taken = 0;

  constructor(settings: () => Settings) {
    this.#settings = settings;
  }

  get taken(): number {
    return this.#taken;
  }

  reserve(ip: string): Refusal | null {
    const { "connections.max": max, "connections.max_per_ip": maxPerIp } = this.#settings();
    if (this.#taken >= max) {
      const message = `${this.#taken} of ${max} connections are open`;
      return { status: 503, code: "MAX_CONNECTIONS_EXCEEDED", message, headers: retryLater };
    }
    const group = addressGroup(ip);
    const held = this.#byAddress.get(group) ?? 0;
    if (maxPerIp > 0 && held >= maxPerIp) {
      const message = `${held} connections of this address are open`;
      return { status: 429, code: "TOO_MANY_CONNECTIONS_FROM_IP", message, headers: retryLater };
    }
    this.#byAddress.set(group, held + 1);
    this.#taken++;
    return null;
  }

  release(ip: string): void {
    const group = addressGroup(ip);
    const left = (this.#byAddress.get(group) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(group, left);
    else this.#byAddress.delete(group);
    this.#taken--;
  }
}

/** Takes a place for as long as the socket lives, whatever becomes of its handshake; at once where that can be. */
export function reservePlace(
  limits: ConnectionLimits,
  socket: Duplex,
  ip: string,
): Refusal | null | Promise<Refusal | null> {
  const keep = (refusal: Refusal | null) => {
    if (refusal !== null) return refusal;
    if (socket.destroyed) limits.release(ip);
    else socket.once("close", () => limits.release(ip));
    return null;
  };
  const refusal = limits.reserve(ip);
  return refusal instanceof Promise ? refusal.then(keep) : keep(refusal);
}
