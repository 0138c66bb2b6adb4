import { isCodedError } from "../../../lib/errors";
import { matchesGlob } from "../../process/glob";
import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import type { Counters } from "../counters";
import type { Sequencer } from "../topics/sequencer";
import { type Begun, isPattern, type Subscriptions } from "../topics/subscriptions";
import { Topics } from "../topics/topics";
import { CatchingUp } from "./catching-up";
import type { Connection } from "./connection";
import { errorAnswer, type ProtocolErrorCode, type ProtocolRequest, type RequestId } from "./protocol";

type Requested<Op extends ProtocolRequest["op"]> = Extract<ProtocolRequest, { op: Op }>;

export interface OperationsOptions {
  settings(): Settings;
  counters: Counters;
  topics: Topics;
  subscriptions: Subscriptions;
  sequencer: Sequencer;
  logger: Logger;
}

/** Topics looked through for a pattern that cost a client as much as one message. */
const topicsAMessage = 2_000;

/** Carries out what clients ask for. */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #catchingUp: CatchingUp;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#catchingUp = new CatchingUp(options.topics);
  }

  carryOut(connection: Connection, request: ProtocolRequest): void {
    if (request.op === "ping") this.#accept(connection, request.id, { ts: Date.now() });
    else if (request.op === "publish") void this.#publish(connection, request);
    else if (request.op === "subscribe") {
      this.#catchingUp.when(connection, request.topic, request.since, () => {
        if (isPattern(request.topic)) this.#subscribePattern(connection, request);
        else this.#subscribe(connection, request);
      });
    } else {
      this.#catchingUp.settle(connection, request.topic);
      this.#unsubscribe(connection, request);
    }
  }

  refuse(connection: Connection, id: RequestId, code: ProtocolErrorCode, message?: string): void {
    this.#options.counters.rejected++;
    this.#options.logger.debug("request refused", { id: connection.id, code });
    connection.note("refused", code);
    connection.send(errorAnswer(id, code, message));
  }

  #subscribe(connection: Connection, { id, topic: name, since }: Requested<"subscribe">): void {
    const { topics, subscriptions } = this.#options;
    if (since && "seqs" in since) {
      this.refuse(connection, id, "INVALID_REQUEST", "since: a topic takes seq, only a pattern takes seqs");
      return;
    }
    const begun = subscriptions.subscribe(connection, name, since ?? null);
    if (typeof begun === "string") {
      this.refuse(connection, id, begun);
      return;
    }
    const [opening] = begun.openings;
    this.#begin(connection, id, name, begun, {
      seq: topics.find(name)?.seq ?? 0,
      ...(begun.held ? { held: true } : {}),
      ...(since && opening ? { recovered: opening.replayed !== null, replayed: opening.replayed ?? 0 } : {}),
    });
  }

  #subscribePattern(connection: Connection, { id, topic: text, since }: Requested<"subscribe">): void {
    const { topics, subscriptions } = this.#options;
    if (since && "seq" in since) {
      this.refuse(connection, id, "INVALID_REQUEST", "since: a pattern takes seqs, one for each topic");
      return;
    }
    connection.allowance -= Math.floor(topics.size / topicsAMessage);
    const begun = subscriptions.subscribePattern(connection, text, since ?? null);
    if (typeof begun === "string") {
      this.refuse(connection, id, begun);
      return;
    }
    const { openings } = begun;
    this.#begin(connection, id, text, begun, {
      topics: begun.topics.length,
      ...(begun.held ? { held: true } : {}),
      ...(since
        ? {
            recovered: since.epoch === topics.epoch && openings.every(({ gap }) => gap === null),
            replayed: openings.reduce((sum, { replayed }) => sum + (replayed ?? 0), 0),
          }
        : {}),
    });
  }

  #begin(
    connection: Connection,
    id: RequestId,
    name: string,
    begun: Begun,
    fields: Record<string, unknown>,
  ): void {
    const { topics, subscriptions, logger } = this.#options;
    if (!begun.held) {
      logger.debug("subscribed", { id: connection.id, topic: name });
      connection.note("subscribed", name);
    }
    this.#accept(connection, id, { topic: name, epoch: topics.epoch, ...fields });
    subscriptions.begin(connection, begun);
  }

  #unsubscribe(connection: Connection, { id, topic: name }: Requested<"unsubscribe">): void {
    const { subscriptions, logger } = this.#options;
    const held = connection.subscriptions.has(name) || connection.patterns?.has(name) === true;
    let byPattern = false;
    if (isPattern(name)) subscriptions.unsubscribePattern(connection, name);
    else byPattern = subscriptions.unsubscribe(connection, name);
    if (held) {
      logger.debug("unsubscribed", { id: connection.id, topic: name });
      connection.note("unsubscribed", name);
    }
    this.#accept(connection, id, { topic: name, ...(byPattern ? { by_pattern: true } : {}) });
  }

  async #publish(connection: Connection, { id, topic: name, data }: Requested<"publish">): Promise<void> {
    const refusal = this.#publishRefusal(name);
    if (refusal !== null) {
      this.refuse(connection, id, refusal);
      return;
    }
    try {
      const { epoch, seq } = await this.#options.sequencer.publish(name, JSON.stringify(data));
      this.#accept(connection, id, { topic: name, epoch, seq });
    } catch (error) {
      if (!isCodedError(error) || error.code !== "CACHE_UNAVAILABLE") {
        this.#options.logger.error("publish failed", { topic: name, error: String(error) });
      }
      this.refuse(connection, id, "CACHE_UNAVAILABLE");
    }
  }

  #publishRefusal(name: string): ProtocolErrorCode | null {
    const { topics } = this.#options;
    const settings = this.#options.settings();
    if (!Topics.isValidName(name)) return "INVALID_TOPIC";
    if (!settings["publish.allow"].some((pattern) => matchesGlob(pattern, name)))
      return "PUBLISH_NOT_ALLOWED";
    const another = (topics.find(name)?.seq ?? 0) === 0;
    return another && topics.publishedTopics >= settings["publish.max_topics"] ? "TOO_MANY_TOPICS" : null;
  }

  #accept(connection: Connection, id: RequestId, fields: Record<string, unknown>): void {
    if (id !== undefined) connection.send({ id, ok: true, ...fields });
  }
}
