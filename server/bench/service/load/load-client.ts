import { setTimeout as wait } from "node:timers/promises";
import { clientFrame } from "./client-frame";
import { dialects } from "./dialect";
import { Histogram } from "./fine-histogram";
import type { Orders } from "./orders";
import { RawClient } from "./raw-client";
import { readStamp, stampedData } from "./stamped-data";

/** Of every message, envelope included. */
const messageBytes = 200;
const longestSettleMs = 30_000;
/**
 * Further sockets come from further loopback addresses, each with ports of its own. Only they are bound: finding a
 * port for an address takes the system long once many have been in use, choosing one while connecting doesn't.
 */
const socketsAnAddress = 20_000;

/** Opens clients, publishes through one of them and counts what all others get. */
export class LoadClient {
  #clients: RawClient[] = [];
  #stalled: RawClient[] = [];
  #publisher: RawClient | null = null;
  #dialect = dialects.plain;
  #deliveries = 0;
  #opened = 0;
  #onDelivery: (() => void) | null = null;
  /** Counted from the next message on; null while no delays are wanted. */
  #delays: Histogram | null = null;

  async open({ port, dialect, count, topics, abreast }: Orders["open"]["in"]) {
    this.#dialect = dialects[dialect];
    this.#publisher ??= await this.#connect(port);
    const startedAt = performance.now();
    let next = this.#clients.length;
    const last = next + count;
    const openSome = async () => {
      while (next < last) {
        const index = next++;
        const client = await this.#connect(port);
        this.#clients.push(client);
        const topic = topics[index % topics.length];
        if (topic !== undefined) client.send(this.#dialect.subscribe(topic));
      }
    };
    await Promise.all(Array.from({ length: abreast }, openSome));
    const seconds = (performance.now() - startedAt) / 1_000;
    if (topics.length > 0) await this.#settle(topics);
    return { seconds };
  }

  async flood({ topics, subscribers, inFlight, seconds }: Orders["flood"]["in"]) {
    const publisher = this.#neededPublisher();
    let published = 0;
    const base = this.#deliveries;
    let nextAt = 0;
    const topUp = () => {
      if (this.#deliveries < nextAt) return;
      const done = Math.floor((this.#deliveries - base) / subscribers);
      const frames: Buffer[] = [];
      for (; published - done < inFlight; published++) frames.push(this.#message(topics, published));
      nextAt = base + (done + 1) * subscribers;
      if (frames.length > 0) publisher.write(Buffer.concat(frames));
    };
    this.#onDelivery = topUp;
    topUp();
    await wait(500);
    const startedAt = performance.now();
    const before = this.#deliveries;
    const busy = busyMeter();
    await wait(seconds * 1_000);
    const deliveries = this.#deliveries - before;
    const took = (performance.now() - startedAt) / 1_000;
    const clientBusy = busy();
    this.#onDelivery = null;
    await wait(200);
    return { deliveries, seconds: took, clientBusy };
  }

  /** By half of them at a time, so that the load client's writes cost it little. */
  async requests({ op, topic, outstanding, seconds }: Orders["requests"]["in"]) {
    const client = this.#neededPublisher();
    const data = op === "publish" ? `,"topic":"${topic}","data":${stampedData(messageBytes, 0)}` : "";
    const half = Buffer.concat(
      Array.from({ length: outstanding / 2 }, (_, id) => clientFrame(`{"id":${id},"op":"${op}"${data}}`)),
    );
    let answers = 0;
    let ended = false;
    client.onShortText = () => {
      answers++;
      if (answers % (outstanding / 2) === 0 && !ended) client.write(half);
    };
    client.write(half);
    client.write(half);
    await wait(500);
    const startedAt = performance.now();
    const before = answers;
    const busy = busyMeter();
    await wait(seconds * 1_000);
    const counted = answers - before;
    const took = (performance.now() - startedAt) / 1_000;
    const clientBusy = busy();
    ended = true;
    await wait(50);
    client.onShortText = null;
    return { answers: counted, seconds: took, clientBusy };
  }

  async steady({ topics, subscribers, rate, seconds, stragglersMs }: Orders["steady"]["in"]) {
    const publisher = this.#neededPublisher();
    const delays = new Histogram();
    this.#delays = delays;
    const before = this.#deliveries;
    const busy = busyMeter();
    const messages = Math.round(rate * seconds);
    await paced(rate, seconds, (index) => publisher.write(this.#message(topics, index)));
    const clientBusy = busy();
    const expected = messages * subscribers;
    await this.#until(() => this.#deliveries - before >= expected, stragglersMs);
    this.#delays = null;
    return {
      expected,
      deliveries: this.#deliveries - before,
      p50Ms: delays.quantile(0.5),
      p99Ms: delays.quantile(0.99),
      maxMs: delays.quantile(1),
      clientBusy,
    };
  }

  async stall({ port, dialect, count, topics }: Orders["stall"]["in"]) {
    this.#dialect = dialects[dialect];
    for (let i = 0; i < count; i++) {
      const client = await this.#connect(port);
      this.#stalled.push(client);
      for (const topic of topics) client.send(this.#dialect.subscribe(topic));
    }
    await wait(300);
    for (const client of this.#stalled) client.stall();
    return {};
  }

  async bulk({ topic, bytes, rate, seconds }: Orders["bulk"]["in"]) {
    const publisher = this.#neededPublisher();
    const frame = clientFrame(this.#dialect.publish(topic, stampedData(bytes, 0)));
    await paced(rate, seconds, () => publisher.write(frame));
    return {};
  }

  count() {
    const closed = this.#clients.filter((client) => client.closed).length;
    return { open: this.#clients.length - closed, closed };
  }

  async closeAll() {
    for (const client of [...this.#clients, ...this.#stalled]) client.destroy();
    this.#publisher?.destroy();
    this.#clients = [];
    this.#stalled = [];
    this.#publisher = null;
    await wait(300);
    return {};
  }

  async #connect(port: number): Promise<RawClient> {
    const further = Math.floor(this.#opened++ / socketsAnAddress);
    const client = new RawClient({
      port,
      localAddress: further > 0 ? `127.0.0.${1 + (further % 250)}` : undefined,
      dialect: this.#dialect,
      onData: (_client, buffer, end, from) => {
        this.#deliveries++;
        if (this.#delays !== null) {
          const sentAt = readStamp(buffer, end - this.#dialect.tail, from);
          if (sentAt !== null) this.#delays.add(performance.now() - sentAt);
        }
        this.#onDelivery?.();
      },
    });
    await client.opened;
    return client;
  }

  #neededPublisher(): RawClient {
    if (this.#publisher === null) throw new Error("nothing is open");
    return this.#publisher;
  }

  #message(topics: string[], index: number): Buffer {
    const topic = topics[index % topics.length] ?? "";
    // as the service writes it, at a sequence number of some digits
    const envelope = `{"topic":"${topic}","seq":12345,"ts":1700000000000,"data":}`.length;
    const data = stampedData(messageBytes - envelope, performance.now());
    return clientFrame(this.#dialect.publish(topic, data));
  }

  /** Waits until a message to each topic has reached every client: then all subscriptions are in force. */
  async #settle(topics: string[]): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      await wait(200);
      const before = this.#deliveries;
      const frames = topics.map((_, index) => this.#message(topics, index));
      this.#neededPublisher().write(Buffer.concat(frames));
      const arrived = () => this.#deliveries - before >= this.#clients.length;
      if (await this.#until(arrived, 2_000)) return;
      if (performance.now() - startedAt > longestSettleMs)
        throw new Error("not every subscription came into force");
    }
  }

  async #until(done: () => boolean, atMostMs: number): Promise<boolean> {
    const deadline = performance.now() + atMostMs;
    while (!done() && performance.now() < deadline) await wait(5);
    return done();
  }
}

/** Calls `send` at even steps; what the timer was late for is made up for at once. */
async function paced(rate: number, seconds: number, send: (index: number) => void): Promise<void> {
  const startedAt = performance.now();
  const count = Math.round(rate * seconds);
  for (let index = 0; index < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1_000) * rate) + 1);
    for (; index < due; index++) send(index);
    await wait(Math.max(1, startedAt + (index / rate) * 1_000 - performance.now()));
  }
}

/** The share of a core that this process took since. */
function busyMeter(): () => number {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1_000 / (performance.now() - startedAt);
  };
}
