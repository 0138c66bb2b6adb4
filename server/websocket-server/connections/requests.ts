import type { Connection } from "./connection";
import { spendMessage } from "./message-rate";
import { Operations, type OperationsOptions } from "./operations";
import { type errorAnswer, type ParsedRequest, parseRequest, type RequestId } from "./protocol";

/** Takes what clients send: what is a request within the limits is carried out. */
export class Requests {
  readonly #options: OperationsOptions;
  readonly #operations: Operations;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#operations = new Operations(options);
  }

  handle(connection: Connection, data: Buffer, isBinary: boolean): void {
    const { counters } = this.#options;
    const settings = this.#options.settings();
    counters.messagesIn++;
    counters.bytesIn += data.length;
    connection.messagesIn++;
    connection.bytesIn += data.length;
    connection.lastMessageAt = performance.now();
    connection.lastHeardAt = connection.lastMessageAt;
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
    else if (parsed.ok) this.#operations.carryOut(connection, parsed.request);
    else this.#refuse(connection, parsed.id, parsed.code, parsed.message);
  }

  #refuse(connection: Connection, ...[id, code, message]: Parameters<typeof errorAnswer>): void {
    this.#operations.refuse(connection, id, code, message);
  }
}

function idOf(parsed: ParsedRequest): RequestId {
  return parsed.ok ? parsed.request.id : parsed.id;
}
