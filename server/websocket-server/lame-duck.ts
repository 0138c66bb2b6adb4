import { setTimeout as wait } from "node:timers/promises";
import type { DrainRequest, DrainState } from "../../lib/contract/service-api";
import { isCodedError } from "../../lib/errors";
import type { Logger } from "../process/logger";
import type { Shard } from "./shards/shard";

const defaultPerSecond = 100;
const closeGraceMs = 1_000;
/** How long until workers that did not answer are asked again. */
const againAfterMs = 1_000;
/** RFC 6455, section 7.4.1: going away. */
const goodbyeCode = 1001;

export interface LameDuckOptions {
  shards(): readonly Shard[];
  logger: Logger;
}

/** No new connections while it lasts and, where that is asked for, a goodbye for those there are. */
export class LameDuck {
  readonly #options: LameDuckOptions;
  #state: Omit<DrainState, "state" | "active_connections"> & { draining: boolean } = {
    draining: false,
    since_ms: null,
    reason: null,
    by: null,
    goodbyes: 0,
    rate_per_second: null,
  };
  /** Of the closing that goes on; another one takes its place. */
  #closing = new AbortController();

  constructor(options: LameDuckOptions) {
    this.#options = options;
  }

  get active(): boolean {
    return this.#state.draining;
  }

  async read(): Promise<DrainState> {
    const { draining, ...rest } = this.#state;
    const figures = await Promise.all(this.#options.shards().map((shard) => shard.figures()));
    const active_connections = figures.reduce((sum, { active }) => sum + active, 0);
    return { state: draining ? "draining" : "running", active_connections, ...rest };
  }

  /** Takes no more connections; called again it only changes what becomes of those there are. */
  async begin(request: DrainRequest, by: string): Promise<void> {
    const reason = request.reason ?? "draining";
    this.#closing.abort();
    if (!this.#state.draining) this.#state = { ...this.#state, since_ms: Date.now(), goodbyes: 0 };
    this.#state = { ...this.#state, draining: true, reason, by, rate_per_second: null };
    await this.#setAccepting(false);
    this.#options.logger.warn("draining", {
      by,
      reason,
      close_connections: request.close_connections === true,
    });
    if (request.close_connections !== true) return;
    const rate = request.rate_per_second ?? defaultPerSecond;
    this.#state.rate_per_second = rate;
    const closing = new AbortController();
    this.#closing = closing;
    void this.#sayGoodbyeToAll(rate, reason, closing.signal)
      .catch((error: unknown) => this.#options.logger.error("drain failed", { error: String(error) }))
      .finally(() => {
        if (this.#closing === closing) this.#state.rate_per_second = null;
      });
  }

  async end(by: string): Promise<void> {
    if (!this.#state.draining) return;
    this.#closing.abort();
    this.#state = {
      ...this.#state,
      draining: false,
      since_ms: null,
      reason: null,
      by,
      rate_per_second: null,
    };
    await this.#setAccepting(true);
    this.#options.logger.warn("taking connections again", { by });
  }

  /** The clients of a worker that hangs get theirs when it answers again. */
  async #sayGoodbyeToAll(rate: number, reason: string, signal: AbortSignal): Promise<void> {
    let shards = this.#options.shards();
    while (!signal.aborted) {
      const missing = await this.#sayGoodbye(shards, rate, reason, signal);
      shards = shards.filter(({ worker }) => missing.has(worker));
      if (shards.length === 0) return;
      await wait(againAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Answers which workers could not be asked. */
  async #sayGoodbye(
    shards: readonly Shard[],
    rate: number,
    reason: string,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>> {
    const missing = new Set<string>();
    const ask = async <A>(shard: Shard, answer: Promise<A>, otherwise: A): Promise<A> => {
      try {
        return await answer;
      } catch (error) {
        if (!isCodedError(error) || error.code !== "WORKER_UNAVAILABLE") throw error;
        missing.add(shard.worker);
        return otherwise;
      }
    };
    const lists = await Promise.all(shards.map((shard) => ask(shard, shard.connectionIds(), [])));
    const all = shards.flatMap((shard, index) => (lists[index] ?? []).map((id) => ({ shard, id })));
    const startedAt = performance.now();
    let done = 0;
    while (done < all.length && !signal.aborted) {
      const due = Math.min(all.length, Math.floor(((performance.now() - startedAt) * rate) / 1_000) + 1);
      const turn = all.slice(done, due);
      const told = await Promise.all(
        shards.map((shard) => {
          const ids = turn.filter((each) => each.shard === shard).map(({ id }) => id);
          return ids.length === 0 ? 0 : ask(shard, shard.goodbye(ids, goodbyeCode, reason, closeGraceMs), 0);
        }),
      );
      this.#state.goodbyes += told.reduce((sum, count) => sum + count, 0);
      done = Math.max(done, due);
      const early = startedAt + (done * 1_000) / rate - performance.now();
      if (early > 1) await wait(early, undefined, { signal }).catch(() => undefined);
    }
    return missing;
  }

  async #setAccepting(accepting: boolean): Promise<void> {
    await Promise.all(this.#options.shards().map((shard) => shard.setAccepting(accepting)));
  }
}
