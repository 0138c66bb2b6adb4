import { isCodedError } from "../../../lib/errors";
import type { Logger } from "../../process/logger";
import type { Settings } from "../config/schema";
import type { Counters } from "../counters";
import { matchesGlob } from "../topics/glob";
import type { Sequencer } from "../topics/sequencer";
import { Topics } from "../topics/topics";
import type { Connection } from "./connection";
import { spendMessage } from "./message-rate";
import {
  errorAnswer,
  type ParsedRequest,
  type ProtocolRequest,
  parseRequest,
  type RequestId,
} from "./protocol";

type Requested<Op extends ProtocolRequest["op"]> = Extract<ProtocolRequest, { op: Op }>;

export interface RequestsOptions {
  settings(): Settings;
  counters: Counters;
  topics: Topics;
  sequencer: Sequencer;
  logger: Logger;
}

/** Carries out what clients ask for. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #publishedNames = new Set<string>();

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  handle(connection: Connection, data: Buffer, isBinary: boolean): void {
    const { counters } = this.#options;
    const settings = this.#options.settings();
    counters.messagesIn++;
    counters.bytesIn += data.length;
    connection.messagesIn++;
    connection.bytesIn += data.length;
    connection.lastMessageAtMs = Date.now();
    connection.lastHeardAt = performance.now();
    if (!connection.open) return;
    if (isBinary) {
      counters.rejected++;
      connection.close(1003, "text frames only");
      return;
    }
    if (data.length > settings["messages.max_bytes"]) {
      counters.rejected++;
      connection.close(1009, "message too big");
      return;
    }
    const spent = spendMessage(connection, settings["messages.max_per_second"], performance.now());
    if (spent === "ended") {
      counters.rejected++;
      connection.close(1008, "message rate");
      return;
    }
    const parsed = parseRequest(data.toString("utf8"));
    if (spent === "refused") this.#refuse(connection, idOf(parsed), "RATE_LIMITED");
    else if (parsed.ok) this.#carryOut(connection, parsed.request);
    else this.#refuse(connection, parsed.id, parsed.code, parsed.message);
  }

  #carryOut(connection: Connection, request: ProtocolRequest): void {
    if (request.op === "subscribe") this.#subscribe(connection, request);
    else if (request.op === "unsubscribe") this.#unsubscribe(connection, request);
    else if (request.op === "publish") void this.#publish(connection, request);
    else this.#accept(connection, request.id, { ts: Date.now() });
  }

  #subscribe(connection: Connection, { id, topic: name }: Requested<"subscribe">): void {
    const { topics, counters } = this.#options;
    const held = connection.subscriptions.get(name);
    if (held) {
      this.#accept(connection, id, { topic: name, epoch: topics.epoch, seq: held.seq });
      return;
    }
    if (connection.subscriptions.size >= this.#options.settings()["subscriptions.max_per_connection"]) {
      this.#refuse(connection, id, "TOO_MANY_SUBSCRIPTIONS");
      return;
    }
    const topic = topics.subscribe(name, connection);
    if (topic === null) {
      this.#refuse(connection, id, "UNKNOWN_TOPIC");
      return;
    }
    connection.subscriptions.set(name, topic);
    this.#options.logger.debug("subscribed", { id: connection.id, topic: name });
    this.#accept(connection, id, { topic: name, epoch: topics.epoch, seq: topic.seq });
    const last = topic.lastValue();
    if (last === null) {
      counters.cacheMisses++;
    } else {
      counters.cacheHits++;
      connection.deliver(last);
    }
  }

  #unsubscribe(connection: Connection, { id, topic: name }: Requested<"unsubscribe">): void {
    const topic = connection.subscriptions.get(name);
    if (topic) {
      connection.subscriptions.delete(name);
      this.#options.topics.unsubscribe(topic, connection);
      this.#options.logger.debug("unsubscribed", { id: connection.id, topic: name });
    }
    this.#accept(connection, id, { topic: name });
  }

  async #publish(connection: Connection, { id, topic: name, data }: Requested<"publish">): Promise<void> {
    const { sequencer } = this.#options;
    const settings = this.#options.settings();
    const allowed = settings["publish.allow"].some((pattern) => matchesGlob(pattern, name));
    if (!allowed || !Topics.isValidName(name)) {
      this.#refuse(connection, id, "PUBLISH_NOT_ALLOWED");
      return;
    }
    if (!this.#publishedNames.has(name)) {
      if (this.#publishedNames.size >= settings["publish.max_topics"]) {
        this.#refuse(connection, id, "TOO_MANY_TOPICS");
        return;
      }
      this.#publishedNames.add(name);
    }
    try {
      const { epoch, seq } = await sequencer.publish(name, JSON.stringify(data));
      this.#accept(connection, id, { topic: name, epoch, seq });
    } catch (error) {
      if (!isCodedError(error) || error.code !== "CACHE_UNAVAILABLE") {
        this.#options.logger.error("publish failed", { topic: name, error: String(error) });
      }
      this.#refuse(connection, id, "CACHE_UNAVAILABLE");
    }
  }

  #accept(connection: Connection, id: RequestId, fields: Record<string, unknown>): void {
    if (id !== undefined) connection.send({ id, ok: true, ...fields });
  }

  #refuse(connection: Connection, ...[id, code, message]: Parameters<typeof errorAnswer>): void {
    this.#options.counters.rejected++;
    this.#options.logger.debug("request refused", { id: connection.id, code });
    connection.send(errorAnswer(id, code, message));
  }
}

function idOf(parsed: ParsedRequest): RequestId {
  return parsed.ok ? parsed.request.id : parsed.id;
}
